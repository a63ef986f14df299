"""Why the system does not read or write a file, in both languages."""

from errno import EACCES, EISDIR, ENOENT, ENOSPC, ENOTDIR, EPERM, EROFS

from protocol.texts import Words

_WORDS = {
    ENOENT: Words("没有这个文件或文件夹", "there is no such file or folder"),
    EACCES: Words("没有权限", "permission denied"),
    EPERM: Words("没有权限", "permission denied"),
    EISDIR: Words("是文件夹", "it is a folder"),
    ENOTDIR: Words("路径中有一段不是文件夹", "a part of the path is no folder"),
    ENOSPC: Words("磁盘已满", "the disk is full"),
    EROFS: Words("只能读取", "it can only be read"),
}
_UNKNOWN = Words("未知原因", "for a reason unknown")


def why_not(error: OSError) -> Words:
    """What is wrong; in the system's own words where it is rare."""
    known = _WORDS.get(error.errno or 0)
    if known is not None:
        return known
    return Words("{why}", "{why}").filled(why=error.strerror) if error.strerror else _UNKNOWN
