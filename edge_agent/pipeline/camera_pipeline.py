"""Frame and detections in, scene events out: gate, static foreground, tracks, rules, evidence of one camera."""

from edge_agent.core.values import Detection, ModelIdentity, Wants
from edge_agent.video.frame import Frame
from edge_agent.video.snapshot import EvidenceKeeper
from protocol.configuration import CameraConfig
from protocol.messages import EndReason, SceneEvent


class CameraPipeline:
    """Everything that one camera's frames pass through. One call of `wants`, then one of `step`, per sampled frame."""

    def __init__(
        self, site: str, box: str, camera: CameraConfig, model: ModelIdentity | None, evidence: EvidenceKeeper
    ) -> None:
        self._site, self._box, self._camera, self._model, self._evidence = site, box, camera, model, evidence

    def wants(self, frame: Frame) -> Wants:
        """Stage 1, cheap: gate and static foreground; whether the detector should look at this frame."""
        raise NotImplementedError

    def step(self, frame: Frame, detections: tuple[Detection, ...] | None) -> tuple[SceneEvent, ...]:
        """Stage 2: tracks, rules, evidence. `None`: the detector was not run, which is not "nothing seen"."""
        raise NotImplementedError

    def finish(self, reason: EndReason) -> tuple[SceneEvent, ...]:
        """The camera stops: open episodes end; the pipeline starts afresh with the next frame."""
        raise NotImplementedError

    @property
    def open_episodes(self) -> tuple[str, ...]:
        """Ids of episodes that were raised and have not ended."""
        raise NotImplementedError
