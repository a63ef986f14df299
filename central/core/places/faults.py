"""What can be wrong with grids, components and units, in both languages; `Fault` says where."""

from protocol.texts import Words

FEATURE = Words(zh="第 {row} 个要素（{column}）：{what}", en="feature {row} ({column}): {what}")

NO_GRIDS = Words(zh="文件里没有任何单元网格", en="there is no unit grid in the file")
NO_GRID_CODE = Words(
    zh="“{text}”不是网格编码；应为 14、15 或 16 位数字，前六位是行政区划代码（属性 code 或 网格编码）",
    en="{text!r} is no grid code: 14, 15 or 16 digits that begin with the district (property code or 网格编码)",
)
CODE_TWICE = Words(zh="编码 {code} 在第 {first} 个要素已经出现", en="{code} is in feature {first} already")
OTHER_LENGTH = Words(
    zh="编码 {code} 与 {first} 的位数不同；一个城市只用一种位数",
    en="{code} has another length than {first}; a city keeps to one",
)
NO_POLYGON = Words(
    zh="几何类型是 {kind}；一个单元网格是一个 Polygon", en="its geometry is {kind}; a unit grid is one Polygon"
)
NO_RING = Words(
    zh="轮廓不闭合；至少四个点，最后一个与第一个相同",
    en="an outline is not closed: four corners at least, the last one as the first",
)
TOO_MANY_CORNERS = Words(zh="全部轮廓超过 {most} 个点", en="all outlines have more than {most} corners")
NO_DEGREES = Words(
    zh="{text} 不是经纬度；写 [经度, 纬度]，单位为度（投影坐标请先转换）",
    en="{text} is no longitude and latitude; write [longitude, latitude] in degrees (convert projected metres before)",
)
CROSSES_ITSELF = Words(zh="轮廓自相交（{where}）", en="its outline crosses itself ({where})")
TOO_WIDE = Words(
    zh="宽或高超过 0.2 度（约 20 千米），不是单元网格", en="wider or higher than 0.2 degrees (20 km): no unit grid"
)
NO_AREA = Words(zh="没有面积", en="it has no area")
OVERLAP = Words(
    zh="{second} 与 {first} 重叠 {shared} 平方米；单元网格之间不得重叠",
    en="{second} and {first} overlap by {shared} m2; unit grids never do",
)
NO_ROWS = Words(zh="表头下面没有任何行", en="there is nothing below the header")
ID_TWICE = Words(zh="“{text}”在第 {first} 行已经出现", en="{text!r} is in row {first} already")
EMPTY = Words(zh="不能为空", en="it must not be empty")
NO_LONGITUDE = Words(
    zh="“{text}”不是经度；写度数，如 105.3382", en="{text!r} is no longitude; write degrees, such as 105.3382"
)
NO_LATITUDE = Words(
    zh="“{text}”不是纬度；写度数，如 34.7368", en="{text!r} is no latitude; write degrees, such as 34.7368"
)
NO_CLASS = Words(
    zh="“{text}”不是部件小类代码；写四位数字，如 0150", en="{text!r} is no class of components; write four digits: 0150"
)
NO_GRID = Words(zh="“{text}”不是网格编码（14、15 或 16 位数字）", en="{text!r} is no grid code (14, 15 or 16 digits)")
