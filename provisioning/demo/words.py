"""What the demo says in the terminal, in both languages."""

import time
from collections.abc import Callable
from typing import Protocol

from protocol.texts import Language, Words

BROKER_RUNS = Words(zh="消息代理已启动：127.0.0.1:{port}", en="Broker runs on 127.0.0.1:{port}")
CENTRAL_RUNS = Words(zh="指挥中心已启动：{url}", en="Central runs: {url}")
BOX_JOINED = Words(zh="边缘盒子 {box} 已入网", en="Box {box} has joined")
CAMERAS_SERVE = Words(zh="{count} 路模拟摄像机正在推 RTSP/TCP", en="{count} simulated cameras serve RTSP over TCP")
BOXES_RUN = Words(zh="边缘盒子已启动：{boxes}", en="Edge agents run: {boxes}")
FOLDER = Words(zh="数据、日志和配置在 {folder}", en="Data, logs and configuration are in {folder}")
KEPT = Words(zh="已保留 {folder}", en="Kept {folder}")
STOPPING = Words(zh="正在停止……", en="Stopping ...")
STOPPED = Words(zh="已全部停止。", en="Everything has stopped.")
BROKEN = Words(zh="演示中断：{text}", en="The demo broke: {text}")
NOT_EMPTY = Words(
    zh="目录 {folder} 不是空的。请换一个目录，或不写 --dir。",
    en="The folder {folder} is not empty: name another one, or leave --dir out.",
)
NO_FOLDER = Words(
    zh="无法使用目录 {folder}（{why}）。请用 --dir 换一个。",
    en="The folder {folder} cannot be used ({why}): name another one with --dir.",
)
PORT_UNUSABLE = Words(
    zh="端口 {port} 不能用（{why}）。请换一个，或不写 --port 让演示自己选。",
    en="Port {port} cannot be used ({why}): name another one, or leave --port out and a free one is taken.",
)

WAITING_LIFE = Words(
    zh="等待摄像机上线和第一个带图片的候选案件", en="Waiting for cameras and a first case with a picture"
)
LIFE = Words(
    zh="{cameras} 路在线，已有带图片的候选案件（{seconds:.1f} 秒）",
    en="{cameras} cameras online, a candidate case has its picture ({seconds:.1f} s)",
)
CAMERA_KILLED = Words(zh="kill -9 摄像机 {camera}", en="kill -9 of camera {camera}")
ALERT_SEEN = Words(zh="离线告警可读（{seconds:.1f} 秒）", en="The alert can be read ({seconds:.1f} s)")
NOTICE_SEEN = Words(zh="通知已送达（{seconds:.1f} 秒）：{text}", en="A notice has arrived ({seconds:.1f} s): {text}")
CAMERA_RECOVERED = Words(
    zh="摄像机重启后恢复在线（{seconds:.1f} 秒）", en="Started again, online again ({seconds:.1f} s)"
)
CENTRAL_KILLED = Words(
    zh="kill -9 指挥中心，盒子继续写盘", en="kill -9 of central; the boxes go on writing to their disks"
)
OUTAGE_WRITTEN = Words(zh="中断期间盒子写下 {count} 条", en="{count} reports were written meanwhile")
CENTRAL_RETURNED = Words(
    zh="指挥中心重新启动并收到各盒子的心跳（{seconds:.1f} 秒）",
    en="Central runs again and hears all boxes ({seconds:.1f} s)",
)
BOX_KILLED = Words(zh="kill -9 边缘盒子 {box}", en="kill -9 of box {box}")
BOX_ALERT_SEEN = Words(
    zh="盒子离线告警 {count} 条，其中 {unknown} 路摄像机状态未知",
    en="{count} box_offline alert, {unknown} cameras unknown",
)
BOX_RECOVERED = Words(
    zh="盒子和摄像机恢复（{seconds:.1f} 秒）", en="The box and its cameras are back ({seconds:.1f} s)"
)
DRAINING = Words(zh="停止摄像机，等待盒子发完", en="Cameras stop; waiting until the boxes have sent everything")
DRAINED = Words(zh="盒子已发完（{seconds:.1f} 秒）", en="The boxes have sent everything ({seconds:.1f} s)")
NEVER = Words(zh="没有等到（{seconds:.0f} 秒）", en="It did not come ({seconds:.0f} s)")
COUNTING = Words(
    zh="清点：盒子的日志、指挥中心的事件和案件、全部图片", en="Counting journals, events, cases and all pictures"
)
COUNTED = Words(
    zh="事件 {events}，案件 {cases}，图片核验 {evidence_verified}，丢失 {lost}，重复 {duplicates}",
    en="{events} events, {cases} cases, {evidence_verified} pictures verified, {lost} lost, {duplicates} duplicates",
)
FAILED = Words(zh="未通过 {name}：{seen}", en="FAILED {name}: {seen}")
PASSED = Words(zh="全部通过（{seconds:.0f} 秒）", en="Everything holds ({seconds:.0f} s)")


class Say(Protocol):
    """Tells people something; values fill the words."""

    def __call__(self, words: Words, **values: object) -> None:
        """Say it."""


def teller(language: Language, write: Callable[[str], None]) -> Say:
    """Lines with the seconds since now in front."""
    started_s = time.perf_counter()

    def say(words: Words, **values: object) -> None:
        write(f"[{time.perf_counter() - started_s:6.1f} s] {words.say(language, **values)}")

    return say


ADDRESSES = Words(
    zh="\n  页面     {url}/ui/\n"
    "  登录令牌 {token}   （只在本次演示有效）\n"
    "  API      {url}/api/v1/   （例如 {url}/api/v1/health）\n"
    "  API 文档 {url}/api/v1/docs\n",
    en="\n  Page          {url}/ui/\n"
    "  Sign-in token {token}   (for this demo only)\n"
    "  API           {url}/api/v1/   (such as {url}/api/v1/health)\n"
    "  API docs      {url}/api/v1/docs\n",
)
TRY = Words(
    zh="  试一试：kill -9 {pid}   （摄像机 {camera} 断电，几秒内出现告警和通知）\n",
    en="  Try: kill -9 {pid}   (camera {camera} loses power; an alert and a notice come within seconds)\n",
)
COLUMNS = (
    Words(zh="摄像机", en="Camera"),
    Words(zh="位置", en="Place"),
    Words(zh="状态", en="State"),
    Words(zh="帧/秒", en="fps"),
)
COUNTS = Words(
    zh="事件 {events}   案件 {cases}（候选 {candidates}）   通知 {notices}",
    en="{events} events   {cases} cases ({candidates} candidates)   {notices} notices",
)
CAMERA_LINE = Words(zh="摄像机 {id}（{place}）：{state}", en="Camera {id} ({place}): {state}")
CASE_LINE = Words(
    zh="线索 {number}：{place}，{scene}，图片 {picture}",
    en="Candidate {number}: {place}, {scene}, picture {picture}",
)
ALERT_LINE = Words(zh="告警 {subject}：{reason}", en="Alert {subject}: {reason}")
NOTICE_LINE = Words(zh="通知：{title}", en="Notice: {title}")
DONE_LINE = Words(
    zh="案件 {number}：处置人报“已处置”，摄像机正在复看",
    en="Case {number}: the handler says done, the camera looks again",
)
CAMERA_WORDS = {
    "still_there": Words(
        zh="案件 {number}：摄像机看到问题仍在，退回返工，图片 {picture}",
        en="Case {number}: the camera still sees it and sends it back, picture {picture}",
    ),
    "clear": Words(
        zh="案件 {number}：摄像机核查通过，现场已恢复，图片 {picture}",
        en="Case {number}: the camera finds the place clear and passes it, picture {picture}",
    ),
    "gone_before": Words(
        zh="案件 {number}：签收之前已自行消除，图片 {picture}",
        en="Case {number}: it had left before the case was taken, picture {picture}",
    ),
    "cannot_tell": Words(
        zh="案件 {number}：摄像机无法判定，请在页面人工核查，图片 {picture}",
        en="Case {number}: the camera cannot tell; check it on the page, picture {picture}",
    ),
}
CAMERA_FOUND = {
    "still_there": Words(zh="问题仍在", en="it is still there"),
    "clear": Words(zh="现场已恢复", en="the place is clear"),
    "gone_before": Words(zh="签收之前已自行消除", en="it had left before"),
    "cannot_tell": Words(zh="无法判定", en="it cannot tell"),
}
CAMERA_SAID = Words(
    zh="处置人报“已处置”，摄像机复看：{word}，{pictures} 张图片（{seconds:.1f} 秒）",
    en="A handler said done; the camera looked again: {word}, {pictures} pictures ({seconds:.1f} s)",
)
CTRL_C = Words(zh="Ctrl-C 停止", en="Ctrl-C stops everything")
STATES = {
    "online": Words(zh="在线", en="online"),
    "degraded": Words(zh="异常", en="degraded"),
    "offline": Words(zh="离线", en="offline"),
    "unknown": Words(zh="未知", en="unknown"),
}
REASONS = {
    "starting": Words(zh="正在连接", en="starting"),
    "box_offline": Words(zh="盒子离线", en="its box is offline"),
    "frozen": Words(zh="画面冻结", en="frozen"),
    "dark": Words(zh="画面全黑", en="dark"),
    "covered": Words(zh="镜头被遮挡", en="covered"),
    "blurred": Words(zh="画面模糊", en="blurred"),
    "moved": Words(zh="镜头被移动", en="moved"),
    "low_fps": Words(zh="帧率低", en="low frame rate"),
    "refused": Words(zh="拒绝连接", en="connection refused"),
    "timeout": Words(zh="连接超时", en="time-out"),
    "unreachable": Words(zh="网络不通", en="unreachable"),
    "stalled": Words(zh="画面停住", en="stalled"),
    "auth_failed": Words(zh="密码不对", en="wrong password"),
    "not_found": Words(zh="没有这路视频", en="no such stream"),
    "no_video": Words(zh="没有视频", en="no video"),
}
