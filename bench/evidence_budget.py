"""What evidence costs a line: bytes of each kind, of an event and of a camera-day, on the simulator's streets.

`python bench/evidence_budget.py [--cameras 7] [--minutes 6]`; prints a Markdown table. The real pipeline watches the
streets of the tuning seeds, one of each condition, in the size of the scenes' bench. Each picture that it keeps is then
drawn, masked, captioned and encoded again from the same street in the sizes of a sub-stream and of main streams; each
clip is cut from ten seconds that are encoded as cameras do, at the bit rates of `STREAMS`.
"""

import argparse
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import av

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.scenes.plan import CameraPlan, plan_camera
from bench.scenes.seeds import TUNING_SEEDS
from bench.scenes.site import Mode, available, camera_config
from bench.scenes.watch import ANCHOR, Feed, detector
from edge_agent.core.evidence.packet_ring import CLIP_S
from edge_agent.pipeline.camera_pipeline import BoxPlace, CameraPipeline
from edge_agent.pipeline.evidence_pictures import EvidencePictures
from edge_agent.video.clip import ClipRecorder
from edge_agent.video.evidence_folder import reference_to
from edge_agent.video.frame import Frame
from edge_agent.video.snapshot import HELD_WIDTH_MAX_PX, WIDTH_MAX_PX
from protocol.configuration import CameraConfig
from protocol.messages import EndReason, EvidenceKind, EvidenceRef, SceneEvent, ScenePhase
from protocol.scenes import Scene
from provisioning.simulator.video.camera import StreetCamera

LOOKS_PER_S = 2.0
EVENTS_A_DAY = 10
"""Of one camera: what the last column is reckoned with."""
CLIPS_PER_CAMERA = 1
"""Clips differ little: the bit rate decides."""
HELD = {EvidenceKind.STARTED, EvidenceKind.PEAK}
KINDS = (EvidenceKind.STARTED, EvidenceKind.RAISED, EvidenceKind.PEAK, EvidenceKind.ENDED, EvidenceKind.CLIP)


@dataclass(frozen=True, slots=True)
class Stream:
    """How a camera sends: pixels, frames a second, kbit/s, seconds between key frames."""

    name: str
    size: tuple[int, int]
    fps: int
    kbit_s: int
    key_s: int = 2


STREAMS = (
    Stream("sub-stream 640×360, 15/s, 512 kbit/s", (640, 360), 15, 512),
    Stream("720p, 25/s, 2 Mbit/s", (1280, 720), 25, 2_000),
    Stream("1080p, 25/s, 4 Mbit/s", (1920, 1080), 25, 4_000),
)


class Kept:
    """Implements `EvidenceKeeper`: keeps nothing but the reference."""

    def keep(self, content: bytes, at: datetime, kind: EvidenceKind) -> EvidenceRef:
        return reference_to(content, at, kind)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=7)
    parser.add_argument("--minutes", type=float, default=6.0)
    wanted = parser.parse_args()
    sizes: dict[Stream, dict[EvidenceKind, list[int]]] = {stream: defaultdict(list) for stream in STREAMS}
    events = 0
    for number, seed in enumerate(list(TUNING_SEEDS)[: wanted.cameras]):
        plan = plan_camera(seed, wanted.minutes, available())
        config, told = watched(plan)
        events += sum(event.phase is ScenePhase.RAISED for event in told)
        for stream in STREAMS:
            for kind, size_bytes in measured(plan, config, told, stream):
                sizes[stream][kind].append(size_bytes)
        print(f"camera {number + 1} of {wanted.cameras}: {plan.script.name}, {events} events", file=sys.stderr)
    print("\n".join(table(sizes, events)))


def watched(plan: CameraPlan) -> tuple[CameraConfig, list[SceneEvent]]:
    """Return the camera's configuration and what the pipeline told of its whole script."""
    feed = Feed(plan, LOOKS_PER_S)
    config = camera_config(feed.camera.places(), Mode.MODEL, available(), LOOKS_PER_S)
    config = config.model_copy(update={"place": "北京路 128 号", "name": "东门"})
    pipeline = CameraPipeline(BoxPlace("box", UTC), config, detector().identity, Kept())
    told: list[SceneEvent] = []
    for number in range(int(plan.script.length_s * LOOKS_PER_S)):
        t_s = number / LOOKS_PER_S
        frame = Frame(number, ANCHOR + timedelta(seconds=t_s), feed.picture(t_s))
        told += pipeline.step(frame, feed.seen(t_s, frame.bgr()) if pipeline.wants(frame).detection else None)
    return config, [*told, *pipeline.finish(EndReason.LEFT)]


def measured(
    plan: CameraPlan, config: CameraConfig, told: Sequence[SceneEvent], stream: Stream
) -> Iterator[tuple[EvidenceKind, int]]:
    """Yield kind and bytes of all evidence of the events, as that stream's camera would have given it."""
    camera = StreetCamera(plan.script, plan.seed, stream.size, stream.fps)
    zones = {zone.id: zone.polygon for zone in config.zones}
    pictures = EvidencePictures(config, UTC)
    for event in told:
        for ref in event.evidence:
            frame = Frame(0, ref.at, camera.frame((ref.at - ANCHOR).total_seconds()))
            width = HELD_WIDTH_MAX_PX if ref.kind in HELD else WIDTH_MAX_PX
            yield ref.kind, len(pictures.jpeg(frame, zones[event.zone], event.box, Scene(event.scene), width))
    for event in [event for event in told if event.phase is ScenePhase.RAISED][:CLIPS_PER_CAMERA]:
        yield EvidenceKind.CLIP, clip_bytes(camera, stream, (event.raised_at - ANCHOR).total_seconds())


def clip_bytes(camera: StreetCamera, stream: Stream, until_s: float) -> int:
    """Return the bytes of the clip that ends at a second, from packets of an encoder set as cameras set theirs."""
    coder = av.CodecContext.create("libx264", "w")
    coder.width, coder.height, coder.pix_fmt = *stream.size, "yuv420p"
    coder.time_base, coder.framerate = Fraction(1, stream.fps), Fraction(stream.fps)
    coder.options = {
        "preset": "veryfast",
        "g": str(stream.fps * stream.key_s),
        "sc_threshold": "0",
        "bf": "0",
        "b": f"{stream.kbit_s}k",
        "maxrate": f"{stream.kbit_s}k",
        "bufsize": f"{stream.kbit_s}k",
    }
    recorder = ClipRecorder("h264", b"")
    frames = round((CLIP_S + stream.key_s) * stream.fps)
    packets: list[av.Packet] = []
    for number in range(frames):
        picture = camera.frame(max(0.0, until_s - (frames - 1 - number) / stream.fps))
        shown = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format="yuv420p")
        shown.pts, shown.time_base = number, coder.time_base
        packets += coder.encode(shown)
    for packet in [*packets, *coder.encode(None)]:
        recorder.take(packet, stream.size, 0.0)
    return len(recorder.mp4() or b"")


def table(sizes: dict[Stream, dict[EvidenceKind, list[int]]], events: int) -> Iterator[str]:
    """Yield the lines of the table: medians of each kind, sums over all events."""
    yield f"{events} events; kB, the median of each kind; MB a camera-day at {EVENTS_A_DAY} events"
    yield ""
    yield f"| stream | {' | '.join(KINDS)} | an event's pictures | a day: pictures | a day: with clips |"
    yield "|---|" + "---|" * (len(KINDS) + 3)
    for stream, kinds in sizes.items():
        medians = [f"{statistics.median(kinds[kind]) / 1000:.0f}" if kinds[kind] else "-" for kind in KINDS]
        pictures = sum(sum(kinds[kind]) for kind in KINDS if kind is not EvidenceKind.CLIP) / max(1, events)
        clips = statistics.mean(kinds[EvidenceKind.CLIP] or [0])
        day, whole = (EVENTS_A_DAY * part / 1e6 for part in (pictures, pictures + clips))
        yield f"| {stream.name} | {' | '.join(medians)} | {pictures / 1000:.0f} | {day:.1f} | {whole:.1f} |"


if __name__ == "__main__":
    main()
