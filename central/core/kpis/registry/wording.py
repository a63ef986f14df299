"""How the fields of a fact, and the values that conditions name, are called."""

from protocol.texts import Words

FIELD_WORDS: dict[str, Words] = {
    name: Words(zh=zh, en=en)
    for name, zh, en in (
        ("source", "来源", "source"),
        ("status", "状态", "status"),
        ("opened_at", "登记时间", "the time of entry"),
        ("found_at", "发现时间", "the time of finding"),
        ("camera", "摄像机", "camera"),
        ("scene", "场景", "scene"),
        ("zone", "区域", "zone"),
        ("grid", "单元网格", "unit grid"),
        ("community", "社区", "community"),
        ("unit", "责任单位", "department"),
        ("code", "案件类别", "class"),
        ("reported_at", "上报时间", "the time of report"),
        ("accepted_at", "受理时间", "the time of acceptance"),
        ("accept_due_at", "受理时限", "the limit of acceptance"),
        ("verify_asked_at", "发核实时间", "the time verification was asked for"),
        ("verify_sent_at", "首次发核实时间", "the time verification was first sent out"),
        ("verify_send_due_at", "发核实时限", "the limit of sending verification out"),
        ("verified_at", "核实时间", "the time of verification"),
        ("verify_due_at", "核实时限", "the limit of verification"),
        ("registered_at", "立案时间", "the time of registration"),
        ("register_due_at", "立案时限", "the limit of registration"),
        ("dispatched_at", "派遣时间", "the time of dispatch"),
        ("dispatch_due_at", "派遣时限", "the limit of dispatch"),
        ("handled_at", "处置完成时间", "the time of handling"),
        ("handle_due_at", "处置时限", "the limit of handling"),
        ("check_asked_at", "发核查时间", "the time a check was asked for"),
        ("check_sent_at", "核查派发时间", "the time the check was sent out"),
        ("check_send_due_at", "发核查时限", "the limit of sending the check out"),
        ("checked_at", "核查时间", "the time of the check"),
        ("check_due_at", "核查时限", "the limit of the check"),
        ("closed_at", "结案时间", "the time of closing"),
        ("close_due_at", "结案时限", "the limit of closing"),
        ("rejected_at", "不予受理或立案时间", "the time of refusal"),
        ("voided_at", "作废时间", "the time of voiding"),
        ("gone_at", "自行消除时间", "the time it had gone"),
        ("merged_at", "并案时间", "the time of merging"),
        ("closing", "结案方式", "kind of closing"),
        ("is_self_handled", "自行处置", "handled on the spot"),
        ("is_task", "拆分任务", "split off"),
        ("is_component", "部件案件", "about a component"),
        ("is_genuine", "核实属实", "verified as true"),
        ("is_late", "处置超期", "handled late"),
        ("is_exempt", "申诉成立", "appeal upheld"),
        ("is_reworked", "返工", "rework"),
        ("is_misdirected", "错误派遣", "misdirected"),
        ("is_reopened", "重新打开", "reopened"),
        ("is_recurrence", "反复发案", "repeats an earlier case"),
        ("was_suspended", "挂账", "was suspended"),
        ("has_left", "派遣后自行消除", "left by itself after the dispatch"),
        ("reported_by", "上报监督员", "the collector who reported"),
        ("accepted_by", "受理人", "who accepted"),
        ("verify_sent_by", "发核实人", "who sent verification out"),
        ("verified_by", "核实人", "who verified"),
        ("registered_by", "立案人", "who registered"),
        ("dispatched_by", "派遣人", "who dispatched"),
        ("checked_by", "核查人", "who checked"),
        ("closed_by", "结案人", "who closed"),
    )
}

_VALUES: dict[str | bool, Words] = {
    True: Words(zh="是", en="yes"),
    False: Words(zh="否", en="no"),
    "detector": Words(zh="智能分析", en="detector"),
    "collector": Words(zh="信息采集员", en="collector"),
    "inspection": Words(zh="考评发现", en="inspection"),
    "hotline": Words(zh="热线", en="hotline"),
    "media": Words(zh="媒体", en="media"),
    "web": Words(zh="网络", en="web"),
    "video_patrol": Words(zh="视频上报", en="video patrol"),
    "supervision": Words(zh="督查检查", en="supervision"),
    "ai_platform": Words(zh="外部智能平台", en="AI platform"),
}


def value_words(value: str | bool) -> Words:  # noqa: FBT001 - the value of a flag
    """How a value is called; itself where it has no other name."""
    return _VALUES.get(value) or Words(zh=str(value), en=str(value))
