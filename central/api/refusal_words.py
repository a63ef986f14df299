"""What is said where a service's error has no text of its own for the caller."""

from protocol.texts import Words

RECORDS_REFUSED = Words(
    zh="这条记录不能成立；没有写入，见 errors。", en="This record cannot be; nothing was written, see `errors`."
)
TOO_MANY_GUESSES = Words(
    zh="这个地址错误的入网码太多；请等待，并向办公室核对入网码。",
    en="Too many wrong join codes came from this address; wait, and check the code with the office.",
)
NO_CASE = Words(zh="没有这个案件。", en="There is no such case.")
NO_BOX = Words(zh="没有这个盒子。", en="There is no such box.")
NO_CAMERA = Words(zh="没有这台摄像机；编号形如 盒子.摄像机。", en="There is no such camera; ids look like box.camera.")
NO_ENTRY = Words(zh="这个登记册里没有这一条。", en="There is no such entry in this register.")
NO_COMMAND = Words(zh="这个盒子没有这条命令。", en="There is no such command of this box.")
NO_EVIDENCE = Words(
    zh="没有这张图片，或其内容尚未到达。", en="There is no such picture, or its bytes have not arrived yet."
)
NO_TRANSFER = Words(zh="没有这次移交，或它属于另一方。", en="There is no such transfer, or it is another party's.")
BAD_CURSOR = Words(
    zh="请把上一个回答的 next 原样作为 cursor，用于同一列表和同样的筛选。",
    en="Give `next` of the answer before as `cursor`, unchanged, for the same list with the same filters.",
)
TOO_LARGE = Words(zh="图片或视频太大。", en="The picture or clip is too large.")
OTHER_BYTES = Words(
    zh="内容与地址和事件所承诺的不符；没有保存。",
    en="The bytes are not those that the address and the event promise; nothing was kept.",
)
NO_ROOM = Words(
    zh="现在没有存放图片的空间；请保留，稍后再试。", en="There is no room for pictures now; keep it and try later."
)
JOIN_REFUSED = Words(
    zh="这个入网码打不开门：请向办公室核对，或索取新的。",
    en="This join code does not open the door: check it with the office, or ask for a new one.",
)
NO_SERIES = Words(
    zh="时序库（series_url）现在不能用；期间到达的会保留，请稍后再问。",
    en="The store of series (`series_url`) cannot be used now; what comes meanwhile is kept, ask again later.",
)
NO_STORE = Words(
    zh="数据库现在不能用；没有任何改动，请重试。", en="The database cannot be used now; nothing was changed, try again."
)
