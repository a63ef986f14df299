"""`central.yaml`: what it may say, and what it answers to a mistake."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from central.app import open_console
from central.core.case_machine import StageLimit
from central.core.clocks import CHINA, parse_limit
from central.core.standards import Draft, SheetRow
from central.core.values import Actor, ActorKind
from central.prerequisites import USER_MISTAKE, CannotStart, database_copy, opened_stores
from central.settings import CentralSettings, SettingsError, load_settings, notify_target
from central.settings.calendar_file import load_clockwork
from central.settings.init import template, write_settings
from protocol.texts import Language
from tests.support.shared import REPOSITORY


def write(folder: Path, text: str) -> Path:
    path = folder / "central.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def fault(folder: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(write(folder, text))
    return str(caught.value).removeprefix(f"{folder / 'central.yaml'}:")


def test_an_empty_file_is_enough(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, "# nothing\n"))
    assert settings.data_dir == tmp_path / "data"
    assert settings.evidence_dir == tmp_path / "data" / "evidence"
    assert settings.database == f"sqlite:///{tmp_path}/data/central.db"
    assert (settings.url, settings.mqtt) == ("http://127.0.0.1:8080", ("127.0.0.1", 1883, False))
    assert settings.listen.host == settings.broker.host == "127.0.0.1"


def test_the_template_says_the_defaults(tmp_path: Path) -> None:
    assert load_settings(write(tmp_path, template())) == load_settings(write(tmp_path, ""))


def test_the_example_is_the_template() -> None:
    assert (REPOSITORY / "docs" / "examples" / "central.yaml").read_text(encoding="utf-8") == template()


def test_the_template_names_every_key() -> None:
    assert [name for name in CentralSettings.model_fields if name not in template()] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lisen: {port: 1}\n", "1: lisen: there is no such key; did you mean 'listen'?"),
        ("# c\nbroker:\n  port: 1\n  prot: 2\n", "4: broker.prot: there is no such key; did you mean 'port'?"),
        ("broker: {zzz: 2}\n", "1: broker.zzz: there is no such key; there are: host, port, kind"),
        ("\nlisten:\n  port: eighty\n", "3: listen.port: must be a whole number"),
        ('listen: {port: "80"}\n', "1: listen.port: must be a whole number"),
        ("listen: {port: 70000}\n", "1: listen.port: must be less than or equal to 65535"),
        ("broker: {kind: emqx}\n", "1: broker.kind: must be 'auto', 'mosquitto' or 'amqtt'"),
        ("language: zh\n", "1: language: must be 'zh-CN' or 'en'"),
        ("data_dir: d\ntimezone: Beijing\n", "2: timezone: should be the name of a time zone, like Asia/Shanghai"),
        ("broker_url: tcp://x\n", "1: broker_url: should be embedded or mqtt://HOST:PORT or mqtts://HOST:PORT"),
        ("broker_url: mqtt://x:y\n", "1: broker_url: should be embedded or mqtt://HOST:PORT or mqtts://HOST:PORT"),
        ("broker_url: ''\n", "1: broker_url: "),
        ("public_url: central.example\n", "1: public_url: should be http://HOST:PORT or https://HOST:PORT"),
        ("public_url: http://me:pw@c\n", "1: public_url: takes no user and no password"),
        ("notify_url: json://x\nnotify_url_file: n\n", "1: notify_url and notify_url_file say the same thing"),
        ("data_dir: a\ndata_dir: b\n", "2: this key stands twice; keep one of them"),
        ("listen: {port: 1\n", "2: not YAML"),
        ("listen: [\x01]\n", "1: not YAML"),
        ("- a\n- b\n", "1: should hold lines like `data_dir: data`"),
        ("a: b\n---\nc: d\n", "2: not YAML"),
        ("merge_window_s: .nan\n", "1: merge_window_s: must be a finite number"),
        ("listen: 5\n", "1: listen: must be a mapping"),
        ("timezone: !!bool foo\n", "1: not YAML: a tag like `!!bool` before another kind of value"),
        ("broker: &a\n  <<: *a\n", "1: not YAML: "),
        ("data_dir: 5\n", "1: data_dir: must be the path of a file or folder"),
        ("data_dir:\n", "1: data_dir: must be the path of a file or folder"),
        ("data_dir: ''\n", "1: data_dir: must be the path of a file or folder"),
        ('calendar_files: ["a\\0b"]\n', "1: calendar_files.0: must be the path of a file or folder"),
        ('evidence: {dir: "\\ud800"}\n', "1: evidence.dir: must be the path of a file or folder"),
        ('"\\e[31mx": 1\n', "1: [31mx: there is no such key"),
        (f'"{"k" * 900}": 1\n', f"1: {'k' * 60}...: there is no such key"),
    ],
)
def test_a_mistake_names_line_path_and_what_is_right(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in fault(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("lisen: {port: 1}\n", "1: lisen：没有这个键；是不是 'listen'？"),
        ("listen: {port: 70000}\n", "1: listen.port：应不大于 65535"),
        ("broker: {kind: emqx}\n", "1: broker.kind：应为 'auto', 'mosquitto' 或 'amqtt'"),
        ("broker_url: tcp://x\n", "1: broker_url：应为 embedded 或 mqtt://HOST:PORT 或 mqtts://HOST:PORT"),
        ("timezone: Beijing\n", "1: timezone：应为时区名称，如 Asia/Shanghai"),
        ("data_dir: a\ndata_dir: b\n", "2: 这个键写了两遍；请只留一个"),
        ("- a\n", "1: 应写 `data_dir: data` 这样的行"),
        ("roles: {operator: 5}\n", "1: roles.operator：应为列表"),
        (
            "camera_check: {scenes: {'{x}': {}}}\n",
            "1: camera_check.scenes.{x}.[key]：写法不对：应符合 ^[a-z][a-z0-9_]{0,31}$",
        ),
        ("listen: {host: 'a b'}\n", "1: listen.host：写法不对：应符合 ^["),
        ("formal_operation_since: 2026-01-01T01:00:00\n", "1: formal_operation_since：应为 2026-03-01 这样的日期"),
        ('broker_user: "\\ud800"\n', "1: broker_user：含有不是文字的字符"),
        ("timezone: !!bool foo\n", "1: 不是 YAML：`!!bool` 之类的标签"),
    ],
)
def test_a_mistake_is_told_in_chinese(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path, text))
    assert expected in caught.value.say(Language.CHINESE)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert fault(tmp_path, "a: 1\nb: 2\nlanguage: 3\n").count("\n") == 2


@pytest.mark.parametrize("key", ["broker_url", "public_url", "public_mqtt_url", "notify_url", "listen"])
def test_no_mistake_repeats_a_value(tmp_path: Path, key: str) -> None:
    assert "s3cret" not in fault(tmp_path, f"{key}: ftp://me:s3cret@host:99999/\nmistake: true\n")


def test_no_representation_shows_a_secret(tmp_path: Path) -> None:
    text = "notify_url: mailtos://u:s3cret@h\ndatabase_url: postgresql+psycopg://u:s3cret@h/d\n"
    assert "s3cret" not in repr(load_settings(write(tmp_path, text)))


def test_a_missing_file_says_what_writes_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="central init"):
        load_settings(tmp_path / "none.yaml")


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "central.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings(tmp_path / "central.yaml")
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)


def test_paths_start_at_the_files_folder(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, "data_dir: ../d\nevidence: {dir: /srv/pictures}\n"))
    assert settings.data_dir == tmp_path.parent / "d"
    assert settings.evidence_dir == Path("/srv/pictures")


def test_boxes_find_the_broker_on_the_host_that_people_know(tmp_path: Path) -> None:
    known = load_settings(write(tmp_path, "public_url: https://central.example\n"))
    assert known.box_mqtt == ("central.example", 1883, False)
    named = load_settings(write(tmp_path, "public_mqtt_url: mqtts://mq.example\n"))
    assert named.box_mqtt == ("mq.example", 8883, True)
    foreign = load_settings(write(tmp_path, "broker_url: mqtt://mq:1884\npublic_url: http://c\n"))
    assert foreign.box_mqtt == foreign.mqtt == ("mq", 1884, False)


def test_the_notify_address_may_live_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "n").write_text("json://127.0.0.1:9\n")
    target = notify_target(load_settings(write(tmp_path, "notify_url_file: n\n")))
    assert target is not None
    assert target.get_secret_value() == "json://127.0.0.1:9"
    assert notify_target(load_settings(write(tmp_path, ""))) is None
    with pytest.raises(SettingsError, match=r"notify_url_file: cannot read .*there is no such file"):
        notify_target(load_settings(write(tmp_path, "notify_url_file: m\n")))


def test_init_writes_private_settings_that_load_and_never_overwrites(tmp_path: Path) -> None:
    path = write_settings(tmp_path / "new", force=False)
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700
    assert load_settings(path).data_dir == tmp_path / "new" / "data"
    path.write_text("language: en\n")
    with pytest.raises(SettingsError, match="--force"):
        write_settings(tmp_path / "new", force=False)
    assert path.read_text() == "language: en\n"
    write_settings(tmp_path / "new", force=True)
    assert path.read_text(encoding="utf-8") == template()


@pytest.mark.parametrize(
    "address",
    [
        "nonsense://u:hidden@h/x",
        "hidden@@@",
        "sqlite:///:memory:",
        "sqlite:///x.db?timeout=abc",
        "sqlite:///file:x?mode=memory&uri=true",
        "sqlite://host/x",
        "sqlite:///a\\0b",
        "postgresql://u:hidden@127.0.0.1:abc/x",
        "postgresql://127.0.0.1:1/x?foo=hidden",
        "postgresql://u:hidden@127.0.0.1:1/x?port=abc",
    ],
)
def test_an_address_of_no_database_says_what_would_be_one(address: str, tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, f'database_url: "{address}"\n'))
    for opening in (lambda: opened_stores(settings, ExitStack()), lambda: database_copy(settings)):
        with pytest.raises(CannotStart) as caught:
            opening()
        assert caught.value.exit_code == USER_MISTAKE
        assert str(caught.value) == "database_url: must be sqlite:///PATH (a file) or postgresql+psycopg://..."
        assert "database_url：应为 sqlite:///路径（一个文件）" in caught.value.say(Language.CHINESE)


@pytest.mark.parametrize("value", ["abc", "1e400", "nan", "1&connect_timeout=2"])
def test_a_time_that_is_no_number_of_seconds_is_refused_without_a_secret(value: str, tmp_path: Path) -> None:
    address = f"postgresql://u:hidden@127.0.0.1:1/x?connect_timeout={value}"
    settings = load_settings(write(tmp_path, f'database_url: "{address}"\n'))
    for opening in (lambda: opened_stores(settings, ExitStack()), lambda: database_copy(settings)):
        with pytest.raises(CannotStart) as caught:
            opening()
        assert caught.value.exit_code == USER_MISTAKE
        for language in Language:
            assert "connect_timeout=10" in caught.value.say(language)
            assert "hidden" not in caught.value.say(language)


def test_what_never_ends_is_no_settings_file(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than 10000 values" in fault(tmp_path, "\n".join(lines))
    with pytest.raises(SettingsError, match="larger than"):
        load_settings(Path("/dev/zero"))


OWN_DAYS = """
version: gangu-2026.{number}
years: {{2026: {{holidays: [2026-03-0{number}], makeup_days: []}}}}
time_systems:
  - {{name: 夏季办公, days: {{mon: ["0{number}:00-12:00"]}}, minutes_per_workday: 240, keeps_holidays: true}}
"""


def test_a_citys_calendar_is_what_new_cases_go_by_and_older_ones_stay(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"days-{number}.yaml").write_text(OWN_DAYS.format(number=number), encoding="utf-8")
    settings = load_settings(write(tmp_path, "calendar_files: [days-2.yaml, days-1.yaml]\n"))
    with open_console(settings) as console:
        timing = console.services.casework.timing
    clockwork = timing.clockwork
    assert clockwork.calendar == "gangu-2026.2"
    assert set(clockwork.calendars) == {"gangu-2026.1", "gangu-2026.2", CHINA.version}
    assert clockwork.systems["夏季办公"].week[0][0].begin_min == 120
    assert "办公" in clockwork.systems
    limit = StageLimit(parse_limit("1工作日"))
    assert [clockwork.terms(limit, version).calendar.version for version in ("gangu-2026.1", "gone")] == [
        "gangu-2026.1", "gangu-2026.2",
    ]  # fmt: skip


def test_a_file_that_standards_count_by_is_not_taken_away(tmp_path: Path) -> None:
    (tmp_path / "days.yaml").write_text(OWN_DAYS.format(number=1), encoding="utf-8")
    header = "大类代码 大类名称 小类代码 小类名称 处置单位 主管部门 立案条件 结案条件 处置时限 计时标准".split()  # noqa: SIM905
    row = "04 街面秩序 01 游商 执法队 城管局 流动摊 取缔 2工作时 夏季办公".split()  # noqa: SIM905 - a row
    with open_console(load_settings(write(tmp_path, "calendar_files: [days.yaml]\n"))) as console:
        draft = console.services.standards.read(
            [SheetRow(number, tuple(cells)) for number, cells in enumerate((header, row), 1)]
        )
        assert isinstance(draft, Draft), draft
        console.services.standards.adopt(draft, "t.csv", Actor(ActorKind.PERSON, "wang"), datetime.now(UTC))
    settings = load_settings(write(tmp_path, ""))
    with pytest.raises(CannotStart, match="count by 夏季办公, which no file has"), open_console(settings):
        pass


@pytest.mark.parametrize(
    "content", ["version: 1", "", "version: a\nyears: {2026: {holidays: [soon], makeup_days: []}}"]
)
def test_a_calendar_with_mistakes_lets_nothing_start(content: str, tmp_path: Path) -> None:
    (tmp_path / "days.yaml").write_text(content, encoding="utf-8")
    settings = load_settings(write(tmp_path, "calendar_files: [days.yaml]\n"))
    with pytest.raises(CannotStart, match=r"calendar_files: .*days\.yaml"), open_console(settings):
        pass


def test_two_calendars_of_one_version_are_refused(tmp_path: Path) -> None:
    for number in (1, 2):
        text = OWN_DAYS.format(number=number).replace(f"gangu-2026.{number}", "same")
        (tmp_path / f"days-{number}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="its own version"):
        load_clockwork([tmp_path / "days-2.yaml", tmp_path / "days-1.yaml"])
