"""The network: a plain convolution backbone to stride 32, a light feature pyramid, one head at stride 8.

The head also sees the stride-4 features, four cells folded into one: small boxes need the finer edges.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

STRIDE = 8
WIDTHS = (16, 32, 64, 96, 128)
NECK = 64
FOLD = 2
"""Cells of the stride-4 grid along each side of a cell of the head's grid."""

_RARE = -4.0
"""Start of the heat map's bias: at first nothing is anywhere."""


class Convolution(nn.Sequential):
    """Convolution, batch normalisation, ReLU; keeps the size but for the stride."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, *, stride: int = 1, groups: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class SplitBlock(nn.Module):
    """Half of the channels take residual steps, the other half go around them."""

    def __init__(self, channels: int, steps: int) -> None:
        super().__init__()
        half = channels // 2
        self.worked = Convolution(channels, half, 1)
        self.kept = Convolution(channels, half, 1)
        self.steps = nn.ModuleList(
            nn.Sequential(Convolution(half, half), Convolution(half, half)) for _ in range(steps)
        )
        self.merge = Convolution(channels, channels, 1)

    def forward(self, features: Tensor) -> Tensor:
        """Return features of the same shape."""
        worked = self.worked(features)
        for step in self.steps:
            worked = worked + step(worked)
        merged: Tensor = self.merge(torch.cat([worked, self.kept(features)], 1))
        return merged


def _stage(inputs: int, outputs: int, steps: int) -> nn.Sequential:
    return nn.Sequential(Convolution(inputs, outputs, stride=2), SplitBlock(outputs, steps))


class StreetDetector(nn.Module):
    """[n, channels, h, w] RGB in 0..1 to, on the stride-8 grid, class logits and the distances to the box's sides."""

    def __init__(self, classes: int, channels: int = 3) -> None:
        super().__init__()
        first, second, third, fourth, fifth = WIDTHS
        self.stem = nn.Sequential(Convolution(channels, first, stride=2), _stage(first, second, 1))
        self.stride8 = _stage(second, third, 2)
        self.stride16 = _stage(third, fourth, 2)
        self.stride32 = _stage(fourth, fifth, 1)
        self.narrow32, self.narrow16, self.narrow8 = (Convolution(w, NECK, 1) for w in (fifth, fourth, third))
        self.narrow4 = Convolution(FOLD * FOLD * second, NECK, 1)
        self.fuse16 = Convolution(NECK, NECK, 5, groups=NECK)
        self.fuse8 = Convolution(NECK, NECK)
        self.heat = nn.Sequential(Convolution(NECK, NECK), nn.Conv2d(NECK, classes, 1))
        self.sides = nn.Sequential(Convolution(NECK, NECK), nn.Conv2d(NECK, 4, 1))
        nn.init.constant_(self.heat[-1].bias, _RARE)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Return heat logits [n, classes, h/8, w/8] and box distances l, t, r, b in pixels [n, 4, h/8, w/8]."""
        finest = self.stem(pictures)
        fine = self.stride8(finest)
        middle = self.stride16(fine)
        coarse = self.narrow32(self.stride32(middle))
        fused = self.fuse16(self.narrow16(middle) + functional.interpolate(coarse, scale_factor=2.0))
        edges = self.narrow4(functional.pixel_unshuffle(finest, FOLD))
        fused = self.fuse8(self.narrow8(fine) + edges + functional.interpolate(fused, scale_factor=2.0))
        return self.heat(fused), functional.softplus(self.sides(fused)) * (2 * STRIDE)


def cell_centres(rows: int, columns: int) -> tuple[Tensor, Tensor]:
    """Return the x and y pixel coordinates [rows, columns] of the grid cells' centres."""
    down, across = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    return across * STRIDE + STRIDE / 2, down * STRIDE + STRIDE / 2


def corners(sides: Tensor) -> Tensor:
    """Return boxes x1, y1, x2, y2 in pixels [n, 4, rows, columns] from the distances to the four sides."""
    x, y = cell_centres(sides.shape[2], sides.shape[3])
    return torch.stack([x - sides[:, 0], y - sides[:, 1], x + sides[:, 2], y + sides[:, 3]], 1)


class RowOne(nn.Module):
    """The layout of an Ultralytics v8 export: [n, 3, h, w] RGB in 0..1 to [n, 4 + classes, h/8 * w/8].

    Boxes are centre x, centre y, width, height in input pixels; scores are after the sigmoid. Every cell speaks, and
    the reader suppresses what overlaps: people and bikes in rows stand in neighbouring cells, where a search for the
    highest cell would lose two of three.
    """

    def __init__(self, network: StreetDetector) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the detections of every cell."""
        heat, sides = self.network(pictures)
        x1, y1, x2, y2 = corners(sides).unbind(1)
        boxes = torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1], 1)
        return torch.cat([boxes, heat.sigmoid()], 1).flatten(2)
