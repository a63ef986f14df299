"""What can go wrong while a box joins, and the words for it."""

from enum import Enum

from protocol.texts import Words


class Fault(Enum):
    """Why joining failed; `exit_code` 2 is the user's mistake, 1 central's or the network's."""

    NO_CODE = (
        2,
        Words(
            zh="这不是入网码：应为 20 个字符（例如 ABCD-EFGH-JKLM-NPQR-STUV），读到 {count} 个。"
            "请对照指挥中心给出的入网码再输一次。",
            en="This is no join code: it has 20 characters (like ABCD-EFGH-JKLM-NPQR-STUV), {count} were read. "
            "Compare it with the one that central printed and type it again.",
        ),
    )
    NO_CODE_FILE = (
        2,
        Words(
            zh="读不了入网码文件 {path}（{why}）。请检查 --code-file 的路径和权限。",
            en="The file with the join code, {path}, cannot be read ({why}). Check the path after --code-file.",
        ),
    )
    BAD_ADDRESS = (
        2,
        Words(
            zh="指挥中心地址写得不对：应为 http(s)://主机[:端口]，地址里不带用户名和密码。",
            en="The address of central is not one: write http(s)://HOST[:PORT], without user name or password.",
        ),
    )
    ALREADY_JOINED = (
        2,
        Words(
            zh="{path} 已存在，此盒子已入网，入网码没有用掉。确实要重新入网请加 --force。",
            en="{path} exists: this box has joined already; the code was not spent. Add --force to join it again.",
        ),
    )
    CANNOT_WRITE = (
        2,
        Words(
            zh="无法写入 {path}（{why}），入网码没有用掉。请检查目录权限和磁盘，或用 --out 换一个目录。",
            en="{path} cannot be written ({why}); the code was not spent. "
            "Check the folder's owner and the disk, or name another folder with --out.",
        ),
    )
    CODE_REFUSED = (
        2,
        Words(
            zh="指挥中心不接受这个入网码：可能输错、已用过（只能用一次）或过期（72 小时）。请核对；"
            "仍不行就请指挥中心重新生成：gridwarden central add-box SITE BOX",
            en="Central does not accept this code: it is mistyped, used (it works once) or expired (72 h). Compare it; "
            "if it is right, ask central for a new one: gridwarden central add-box SITE BOX",
        ),
    )
    TOO_MANY_TRIES = (
        1,
        Words(
            zh="试错次数太多，指挥中心暂停接受入网。请等几分钟，核对入网码后再试。",
            en="Too many tries: central accepts none for the moment. Wait some minutes, compare the code, try again.",
        ),
    )
    NAME_UNKNOWN = (
        1,
        Words(
            zh="找不到主机名：{address}。请检查拼写和本机 DNS，或改用 IP 地址。",
            en="The host name of {address} is not known. Check its spelling and this machine's DNS, or use its IP "
            "address.",
        ),
    )
    REFUSED = (
        1,
        Words(
            zh="{address} 拒绝连接或不可达。请检查端口、防火墙，以及 gridwarden central run 是否在运行。",
            en="{address} refuses the connection or cannot be reached. "
            "Check the port, the firewall, and that `gridwarden central run` is running there.",
        ),
    )
    NO_ANSWER = (
        1,
        Words(
            zh="{address} 没有应答（连接超时）。请检查网线、路由和防火墙。",
            en="{address} does not answer (time-out while connecting). Check cable, route and firewall.",
        ),
    )
    SLOW_ANSWER = (
        1,
        Words(
            zh="已连上 {address}，但没有收到答复。入网码可能已被用掉：请查看指挥中心日志，必要时重新生成入网码。",
            en="{address} was reached but did not reply. The code may be spent: look at central's log, ask for a new "
            "code if need be.",
        ),
    )
    TLS = (
        1,
        Words(
            zh="与 {address} 的加密连接失败：证书不被信任，或该端口不是 https。请检查地址、本机时间和 CA 证书。",
            en="The secure connection to {address} failed: its certificate is not trusted, or the port does not speak "
            "https. Check the address, this machine's clock and the CA certificate.",
        ),
    )
    NOT_GRIDWARDEN = (
        1,
        Words(
            zh="{address} 上不是网格守望指挥中心。请检查地址和端口。",
            en="What answers at {address} is not a Gridwarden central. Check address and port.",
        ),
    )
    REQUEST_UNREADABLE = (
        1,
        Words(
            zh="{address} 看不懂入网请求：双方版本可能不一致。请把两边升级到同一版本。",
            en="{address} does not understand the request: the versions may differ. Bring both to the same release.",
        ),
    )
    GRANT_UNREADABLE = (
        1,
        Words(
            zh="{address} 的答复看不懂：双方版本可能不一致。入网码已用掉，升级后请重新生成。",
            en="The answer of {address} cannot be read: the versions may differ. The code is spent: update, then ask "
            "for a new one.",
        ),
    )
    CENTRAL_IN_TROUBLE = (
        1,
        Words(
            zh="{address} 内部出错（HTTP {status}）。请查看指挥中心日志，稍后再试。",
            en="{address} is in trouble itself (HTTP {status}). Look at central's log and try again later.",
        ),
    )

    @property
    def exit_code(self) -> int:
        """Exit code of the command."""
        return self.value[0]

    @property
    def words(self) -> Words:
        """What happened and what to do."""
        return self.value[1]


JOINED = Words(
    zh="已入网：站点 {site}，盒子 {box}。连接信息在 {path}（仅本用户可读）。"
    "下一步：gridwarden edge run --config edge.yaml",
    en="Joined: site {site}, box {box}. The connection is in {path} (readable by you only). "
    "Next: gridwarden edge run --config edge.yaml",
)
PLAIN_HTTP = Words(
    zh="注意：{address} 不加密，盒子的密钥以明文传输。只在可信的网络里这样做。",
    en="Note: {address} is not encrypted, the box's secret travels in the clear. Do this in a trusted network only.",
)
ASK_CODE = Words(zh="入网码", en="Join code")
