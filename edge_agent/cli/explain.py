"""What a configuration means, in lines for a person."""

from collections.abc import Iterator

from edge_agent.cli.models import Checked
from edge_agent.cli.rule_words import Place, rule_lines
from edge_agent.core.rules.facts.ground import street_share
from edge_agent.settings import LoadedConfig
from protocol.configuration import CameraConfig, Zone
from protocol.geometry import polygon_area
from protocol.scenes import Scene
from protocol.texts import Language, Words

STREET_SHARE_MIN = 0.55
"""Of a zone that its door line cuts into nearly equal halves nobody can tell which is the street."""
BIN_SHARE_MAX = 0.05
"""Of the picture: a bin takes less unless it stands before the lens, and all rubbish in its zone is the bin's."""

VALID = Words("{path}：有效", "{path}: valid")
BOX = Words("站点 {site} 的盒子 {box}，摄像机 {count} 台", "box {box} of site {site}, {count} camera(s)")
CAMERA = Words("摄像机 {camera}：{url}，每秒看 {fps:g} 次", "camera {camera}: {url}, {fps:g} looks a second")
MAIN_STREAM = Words("{url}，只取取证画面", "{url}, for single evidence pictures")
MASKS = Words("隐私遮挡 {count} 处，先涂黑再做其他处理", "{count} privacy mask(s), painted black before anything else")
ZONE = Words("区域 {zone}：占画面 {share:.1%}", "zone {zone}: {share:.1%} of the picture")
NAMED = Words("{id}（{name}）", "{id} ({name})")
DETECTOR, NO_DETECTOR = Words("检测模型：{line}", "detector: {line}"), Words("检测模型：无", "detector: none")
CONNECTION = Words("连接：{path}", "connection: {path}")
DATA = Words("数据：{path}", "data: {path}")
WARNING = Words("警告：{words}", "warning: {words}")
NO_MODEL_FILE = Words(
    "没有模型文件 {path}，无法判断其类别能否支持各规则；请把文件放到那里，"
    "或只留 `labels: [static]` 的规则并删去 `model:`",
    "there is no detector file {path}: whether its classes serve the rules is not known; put it there, or keep only "
    "rules with `labels: [static]` and take `model:` out",
)
NOT_JOINED = Words(
    "尚未入网：没有 {path}；请运行 `gridwarden provision join`",
    "not joined yet: there is no {path}; use `gridwarden provision join`",
)
NO_RULE = Words("摄像机 {camera} 没有规则：只监测故障", "camera {camera} has no rule: it is watched for faults only")
OF_ZONE = Words("摄像机 {camera}，区域 {zone}：{words}", "camera {camera}, zone {zone}: {words}")
IDLE_BEFORE_SHOP = Words(
    "`road_occupation` 在店铺门前不会上报；请用不带 `shop_front` 的区域",
    "`road_occupation` tells nothing before a shop front; give it a zone without `shop_front`",
)
LINE_HALVES = Words(
    "门线把区域分成差不多的两半，哪边是街道只能猜；请把区域多画向街道一侧",
    "the door line halves the zone, so that its street side is a guess; draw the zone further into the street",
)
BIN_LARGE = Words(
    "`bin_overflow` 的区域占画面 {share:.0%}，其中的垃圾全算作这个垃圾桶的；请只围住垃圾桶和桶边地面画区域",
    "the zone of `bin_overflow` is {share:.0%} of the picture, and all rubbish in it counts as that bin's alone; "
    "draw the zone around the bin and the ground beside it",
)


def explanation(loaded: LoadedConfig, checked: Checked, say: Language) -> Iterator[str]:
    """Lines for the terminal, what each rule rests on among them; warnings last."""
    config = loaded.config
    yield VALID.say(say, path=loaded.path)
    yield BOX.say(say, box=config.box, site=config.site, count=len(config.cameras))
    for camera in config.cameras:
        yield from _camera_lines(camera, checked, say)
    yield NO_DETECTOR.say(say) if checked.line is None else DETECTOR.say(say, line=checked.line)
    yield CONNECTION.say(say, path=loaded.resolve(config.connection))
    yield DATA.say(say, path=loaded.resolve(config.data_dir))
    for words in _warnings(loaded, checked, say):
        yield WARNING.say(say, words=words)


def _camera_lines(camera: CameraConfig, checked: Checked, say: Language) -> Iterator[str]:
    yield CAMERA.say(say, camera=_named(camera.id, camera.name, say), url=camera.url, fps=camera.analysis_fps)
    if camera.main_url is not None:
        yield f"  {MAIN_STREAM.say(say, url=camera.main_url)}"
    if camera.privacy_masks:
        yield f"  {MASKS.say(say, count=len(camera.privacy_masks))}"
    for zone in camera.zones:
        yield f"  {ZONE.say(say, zone=_named(zone.id, zone.name, say), share=polygon_area(zone.polygon))}"
        place = Place(camera, zone, say, checked.identity, checked.thresholds)
        for rule in zone.rules:
            served = (
                one for one in checked.servings or ()
                if (one.camera, one.zone) == (camera.id, zone.id) and one.rule is rule
            )  # fmt: skip
            head, *more = rule_lines(place, rule, next(served, None))
            yield f"    {head}"
            yield from (f"      {line}" for line in more)


def _named(name: str, called: str, say: Language) -> str:
    return NAMED.say(say, id=name, name=called) if called else name


def _warnings(loaded: LoadedConfig, checked: Checked, say: Language) -> Iterator[str]:
    config = loaded.config
    if checked.servings is None:
        yield NO_MODEL_FILE.say(say, path=checked.line)
    connection = loaded.resolve(config.connection)
    if not connection.is_file():
        yield NOT_JOINED.say(say, path=connection)
    for camera in config.cameras:
        if not any(zone.rules for zone in camera.zones):
            yield NO_RULE.say(say, camera=camera.id)
        for zone in camera.zones:
            for words in (*_before_a_shop(zone), *_around_a_bin(zone)):
                said = words.say(say, share=polygon_area(zone.polygon))
                yield OF_ZONE.say(say, camera=camera.id, zone=zone.id, words=said)


def _before_a_shop(zone: Zone) -> Iterator[Words]:
    """What is odd about the rules of a zone before a shop front."""
    if zone.shop_front is None:
        return
    scenes = {rule.scene for rule in zone.rules if rule.enabled}
    if Scene.ROAD_OCCUPATION in scenes:
        yield IDLE_BEFORE_SHOP
    if Scene.OUT_OF_STORE in scenes and street_share(zone.polygon, zone.shop_front.door_line) < STREET_SHARE_MIN:
        yield LINE_HALVES


def _around_a_bin(zone: Zone) -> Iterator[Words]:
    """What is odd about a zone that should be drawn around a bin."""
    for_bin = any(rule.enabled and rule.scene is Scene.BIN_OVERFLOW for rule in zone.rules)
    if for_bin and polygon_area(zone.polygon) > BIN_SHARE_MAX:
        yield BIN_LARGE
