"""What a probe can find at each step: one table of cases with their result, their words and the advice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from protocol.texts import Words

Value = str | int | float | None
NO_ADVICE = Words(zh="", en="")
BAD_CAMERA_ADDRESS = Words(
    zh="摄像机地址写得不对：应为 rtsp://[用户:密码@]主机[:端口]/路径，特殊字符写 %XX（@ 写 %40）。",
    en="This is no camera address: write rtsp://[USER:PASSWORD@]HOST[:PORT]/PATH, special characters as %XX (@: %40).",
)


class Step(StrEnum):
    """Steps of a probe, in their order."""

    NAME = "dns"
    CONNECTION = "tcp"
    OPTIONS = "options"
    PASSWORD = "auth"  # noqa: S105 - the name of a step
    DESCRIPTION = "describe"
    CODEC = "codec"
    PICTURE = "first_picture"
    SIZE = "size"
    RATE = "fps"
    KEY_FRAMES = "gop"

    @property
    def heading(self) -> Words:
        """The step's name for people."""
        return _TITLES[self]


class Result(StrEnum):
    """What a case means for the camera's use."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


_TITLES = {
    Step.NAME: Words(zh="域名解析", en="Name"),
    Step.CONNECTION: Words(zh="TCP 连接", en="Connection"),
    Step.OPTIONS: Words(zh="RTSP 应答", en="RTSP OPTIONS"),
    Step.PASSWORD: Words(zh="用户名密码", en="Password"),
    Step.DESCRIPTION: Words(zh="RTSP 描述", en="RTSP DESCRIBE"),
    Step.CODEC: Words(zh="编码", en="Codec"),
    Step.PICTURE: Words(zh="首帧画面", en="First picture"),
    Step.SIZE: Words(zh="分辨率", en="Size"),
    Step.RATE: Words(zh="帧率", en="Frame rate"),
    Step.KEY_FRAMES: Words(zh="关键帧间隔", en="Key frames"),
}


class Case(Enum):
    """Step, result, what was found, what to try."""

    NAME_FOUND = (Step.NAME, Result.OK, Words(zh="{host} → {address}", en="{host} → {address}"), NO_ADVICE)
    NAME_UNKNOWN = (
        Step.NAME,
        Result.FAILED,
        Words(zh="找不到主机名 {host}", en="the host name {host} is not known"),
        Words(
            zh="检查拼写；检查本机 DNS；或直接写摄像机的 IP 地址",
            en="check the spelling and this machine's DNS, or write the camera's IP address",
        ),
    )
    NAME_SLOW = (
        Step.NAME,
        Result.FAILED,
        Words(zh="DNS 服务器 {limit_s:g} 秒内没有应答", en="the name server did not answer within {limit_s:g} s"),
        Words(zh="检查网线和 DNS 设置，或直接写 IP 地址", en="check cable and DNS settings, or write the IP address"),
    )
    CONNECTED = (Step.CONNECTION, Result.OK, Words(zh="端口 {port} 已连通", en="port {port} accepts"), NO_ADVICE)
    REFUSED = (
        Step.CONNECTION,
        Result.FAILED,
        Words(zh="{address} 拒绝了端口 {port}", en="{address} refuses port {port}"),
        Words(
            zh="主机在线但端口没开：检查 RTSP 端口号（通常 554），在摄像机网页里打开 RTSP",
            en="the host is up, the port is closed: check the RTSP port (mostly 554), switch RTSP on in its web page",
        ),
    )
    NO_CONNECTION = (
        Step.CONNECTION,
        Result.FAILED,
        Words(
            zh="{address}:{port} 在 {limit_s:g} 秒内没有应答", en="{address}:{port} did not answer within {limit_s:g} s"
        ),
        Words(
            zh="摄像机可能断电、断网、IP 不对，或被防火墙拦截：先 ping，再查网线和 PoE 供电",
            en="no power, no network, another IP address, or a firewall: ping it, then check cable and PoE",
        ),
    )
    UNREACHABLE = (
        Step.CONNECTION,
        Result.FAILED,
        Words(zh="到 {address} 没有路由（{why}）", en="there is no route to {address} ({why})"),
        Words(
            zh="检查本机网卡、网关和 VLAN：本机与摄像机可能不在同一网段",
            en="check this machine's network card, gateway and VLAN: it may be in another network than the camera",
        ),
    )
    TLS_FAILED = (
        Step.CONNECTION,
        Result.FAILED,
        Words(zh="TLS 握手失败", en="the TLS handshake failed"),
        Words(zh="该端口可能不支持加密：改用 rtsp://", en="the port may speak plain RTSP: try rtsp://"),
    )
    SPEAKS_RTSP = (
        Step.OPTIONS,
        Result.OK,
        Words(zh="{status} {server}", en="{status} {server}"),
        NO_ADVICE,
    )
    OPTIONS_REFUSED = (
        Step.OPTIONS,
        Result.WARNING,
        Words(zh="是 RTSP，但对 OPTIONS 答 {status}", en="it is RTSP, but answers OPTIONS with {status}"),
        Words(zh="多数摄像机答 200；继续检查", en="most cameras say 200; going on"),
    )
    SILENT = (
        Step.OPTIONS,
        Result.FAILED,
        Words(zh="连上了，但 {limit_s:g} 秒内一声不响", en="it accepts, then says nothing for {limit_s:g} s"),
        Words(
            zh="摄像机可能死机或连接数已满：断电重启，关掉其他播放器",
            en="the camera hangs or has too many viewers: power-cycle it, close other players",
        ),
    )
    CLOSED = (
        Step.OPTIONS,
        Result.FAILED,
        Words(zh="连上后立即断开", en="it accepts and closes at once"),
        Words(
            zh="可能有 IP 白名单、连接数已满，或端口不是 RTSP",
            en="an address filter, too many viewers, or a port that is not RTSP's",
        ),
    )
    NOT_RTSP = (
        Step.OPTIONS,
        Result.FAILED,
        Words(zh="端口 {port} 上不是 RTSP", en="what answers on port {port} is not RTSP"),
        Words(
            zh="可能是网页（80）或 ONVIF 端口：查 RTSP 端口号，通常 554",
            en="it may be the web page's (80) or ONVIF's port: look up the RTSP port, mostly 554",
        ),
    )
    OPEN_TO_ALL = (
        Step.PASSWORD,
        Result.OK,
        Words(zh="不需要密码", en="none is needed"),
        NO_ADVICE,
    )
    OPEN_TO_ALL_BUT_GIVEN = (
        Step.PASSWORD,
        Result.WARNING,
        Words(zh="摄像机不要密码，任何人都能看", en="the camera asks for none: everybody may watch"),
        Words(zh="在摄像机网页里打开 RTSP 认证", en="switch RTSP authentication on in the camera's web page"),
    )
    PASSWORD_ACCEPTED = (
        Step.PASSWORD,
        Result.OK,
        Words(zh="已接受（{scheme}）", en="accepted ({scheme})"),
        NO_ADVICE,
    )
    PASSWORD_MISSING = (
        Step.PASSWORD,
        Result.FAILED,
        Words(zh="摄像机要用户名和密码", en="the camera asks for user and password"),
        Words(
            zh="写成 rtsp://用户:密码@主机/路径；密码里的特殊字符用 %XX（@ 写 %40）",
            en="write rtsp://USER:PASSWORD@HOST/PATH; special characters as %XX (@ is %40)",
        ),
    )
    PASSWORD_WRONG = (
        Step.PASSWORD,
        Result.FAILED,
        Words(zh="用户名或密码不对（401）", en="user or password is wrong (401)"),
        Words(
            zh="先在摄像机网页上核对；多试几次账号会被锁；特殊字符要写 %XX（@ 写 %40）",
            en="try them in the camera's web page; more tries lock the account; special characters as %XX (@ is %40)",
        ),
    )
    FORBIDDEN = (
        Step.PASSWORD,
        Result.FAILED,
        Words(zh="该用户无权看这路视频（403）", en="this user may not watch this stream (403)"),
        Words(
            zh="在摄像机网页里给该用户“预览”权限；账号也可能已被锁，等 30 分钟",
            en="give the user the right to watch in the camera's web page; a locked account opens again after 30 min",
        ),
    )
    SCHEME_UNKNOWN = (
        Step.PASSWORD,
        Result.FAILED,
        Words(zh="认证方式 {scheme} 不支持", en="its way of asking for a password, {scheme}, is not supported"),
        Words(zh="在摄像机网页里选 digest 或 basic", en="choose digest or basic in the camera's web page"),
    )
    DESCRIBED = (
        Step.DESCRIPTION,
        Result.OK,
        Words(zh="状态 {status}，有视频", en="status {status}, there is video"),
        NO_ADVICE,
    )
    NOT_FOUND = (
        Step.DESCRIPTION,
        Result.FAILED,
        Words(zh="没有这个路径（404）", en="there is no such path (404)"),
        Words(
            zh="各厂路径不同：查手册，或用 ONVIF 工具读出取流地址；注意通道号和主/子码流",
            en="paths differ by maker: look into the manual, or read the address with an ONVIF tool; mind channel and "
            "main or sub stream",
        ),
    )
    DESCRIBE_REFUSED = (
        Step.DESCRIPTION,
        Result.FAILED,
        Words(zh="摄像机答状态 {status}", en="the camera answers with status {status}"),
        Words(
            zh="检查路径和通道；连接数可能已满（453/503）：关掉其他播放器或重启摄像机",
            en="check path and channel; with 453 or 503 too many watch: close other players or restart the camera",
        ),
    )
    DESCRIBE_SILENT = (
        Step.DESCRIPTION,
        Result.FAILED,
        Words(zh="问视频时没有答复", en="asked for the stream, it gives no answer"),
        Words(zh="断电重启摄像机，检查通道号", en="power-cycle the camera, check the channel"),
    )
    NO_VIDEO = (
        Step.DESCRIPTION,
        Result.FAILED,
        Words(zh="有应答，但其中没有视频", en="it answers, but there is no video in it"),
        Words(zh="通道可能没接摄像机，或路径是纯音频", en="the channel may be empty, or the path sound only"),
    )
    CODEC_FITS = (Step.CODEC, Result.OK, Words(zh="{codec}", en="{codec}"), NO_ADVICE)
    CODEC_UNUSUAL = (
        Step.CODEC,
        Result.WARNING,
        Words(zh="{codec}（少见）", en="{codec} (unusual)"),
        Words(zh="在摄像机里改成 H.264 或 H.265", en="set the camera to H.264 or H.265"),
    )
    NOT_OPENED = (
        Step.CODEC,
        Result.FAILED,
        Words(zh="打不开视频流：{why}", en="the stream cannot be opened: {why}"),
        Words(
            zh="摄像机可能不支持 TCP 取流，或编码不识别：改 H.264，打开 RTP over TCP",
            en="the camera may refuse RTP over TCP or send an unknown codec: choose H.264, allow TCP",
        ),
    )
    PICTURE_SEEN = (Step.PICTURE, Result.OK, Words(zh="已解码", en="decoded"), NO_ADVICE)
    PICTURE_SAVED = (Step.PICTURE, Result.OK, Words(zh="已保存到 {path}", en="saved as {path}"), NO_ADVICE)
    PICTURE_NOT_SAVED = (
        Step.PICTURE,
        Result.FAILED,
        Words(zh="有画面，但写不了 {path}（{why}）", en="there is one, but {path} cannot be written ({why})"),
        Words(zh="换一个目录，文件名以 .jpg 结尾", en="name another folder, and a file ending in .jpg"),
    )
    NO_PICTURE = (
        Step.PICTURE,
        Result.FAILED,
        Words(zh="{limit_s:g} 秒内没有画面", en="no picture within {limit_s:g} s"),
        Words(
            zh="码流开着却无画面：检查摄像机的码流是否启用、关键帧间隔是否过长、带宽是否够",
            en="open, but nothing comes: is the stream on, the key frame interval too long, the line too slow?",
        ),
    )
    SIZE_FITS = (Step.SIZE, Result.OK, Words(zh="{width}×{height}", en="{width}×{height}"), NO_ADVICE)
    SIZE_LARGE = (
        Step.SIZE,
        Result.WARNING,
        Words(zh="{width}×{height}，偏大", en="{width}×{height} is large"),
        Words(
            zh="分析请用子码流（如 640×360），解码省 5 倍",
            en="analyse the sub stream (640×360): a fifth of the work",
        ),
    )
    RATE_FITS = (Step.RATE, Result.OK, Words(zh="每秒 {fps:.1f} 帧", en="{fps:.1f} frames a second"), NO_ADVICE)
    RATE_LOW = (
        Step.RATE,
        Result.WARNING,
        Words(zh="每秒只有 {fps:.1f} 帧", en="only {fps:.1f} frames a second"),
        Words(zh="在摄像机里调到 10-15 帧，检查带宽和丢包", en="set 10 to 15 in the camera; check the line for loss"),
    )
    KEY_FRAMES_FIT = (
        Step.KEY_FRAMES,
        Result.OK,
        Words(zh="每 {gop_s:.1f} 秒一个", en="one each {gop_s:.1f} s"),
        NO_ADVICE,
    )
    KEY_FRAMES_RARE = (
        Step.KEY_FRAMES,
        Result.WARNING,
        Words(zh="每 {gop_s:.1f} 秒才一个", en="only one each {gop_s:.1f} s"),
        Words(
            zh="断线恢复会慢：在摄像机里把 I 帧间隔设为 1-2 秒",
            en="recovery after a break is slow: set the I-frame interval to 1 or 2 s",
        ),
    )
    KEY_FRAMES_UNSEEN = (
        Step.KEY_FRAMES,
        Result.WARNING,
        Words(zh="{limit_s:g} 秒内不到两个", en="fewer than two within {limit_s:g} s"),
        Words(
            zh="断线恢复会很慢：在摄像机里把 I 帧间隔设为 1-2 秒，关掉“智能编码”",
            en="recovery after a break is very slow: set the I-frame interval to 1 or 2 s, switch 'smart codec' off",
        ),
    )

    @property
    def step(self) -> Step:
        """Where it was found."""
        return self.value[0]

    @property
    def result(self) -> Result:
        """What it means."""
        return self.value[1]

    @property
    def what(self) -> Words:
        """What was found."""
        return self.value[2]

    @property
    def advice(self) -> Words:
        """What to try; empty where nothing is to be done."""
        return self.value[3]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finished step."""

    case: Case
    duration_s: float
    values: Mapping[str, Value] = field(default_factory=dict)


class StepFailed(Exception):
    """The probe cannot go on; `case` is a failed one."""

    def __init__(self, case: Case, **values: Value) -> None:
        super().__init__(case.name)
        self.case = case
        self.values = values
