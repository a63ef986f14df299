"""The one process that runs the detector, for all cameras."""

from multiprocessing.connection import Connection

import cv2

from edge_agent.core import turns
from edge_agent.supervisor.bonds import die_with_main
from edge_agent.supervisor.latest_frame import LatestFrame
from edge_agent.supervisor.process_log import configure_log
from edge_agent.supervisor.reports import Crashed, Detect, LookRefused, ModelFiles, Ready, Refused, Seen

DETAIL_LENGTH_MAX = 500


def run_inference(pipe: Connection, files: ModelFiles, slots: tuple[LatestFrame, ...]) -> None:
    """Entry of the process: load the model, say so, then answer each `Detect` when its turn has come."""
    die_with_main()
    configure_log()
    cv2.setNumThreads(1)
    from edge_agent.inference.model_file import bounded_memory  # noqa: PLC0415 - only this process may load ONNX Runtime

    with bounded_memory():
        _serve(pipe, files, slots)


def _serve(pipe: Connection, files: ModelFiles, slots: tuple[LatestFrame, ...]) -> None:
    from edge_agent.inference.detector import AnswerRefused, ModelRefused  # noqa: PLC0415 - as above
    from edge_agent.inference.onnx_detector import OnnxDetector  # noqa: PLC0415

    try:
        detector = OnnxDetector(
            files.path, labels=files.labels, layout=files.layout, threshold=files.threshold, sha256=files.sha256
        )
        pipe.send(Ready(detector.identity, detector.fitting))
        waiting: turns.Waiting = ()
        while True:
            waiting = _with_new(waiting, pipe)
            turn, waiting = turns.next_turn(waiting)
            seq, picture = slots[turn.place].take() or (0, None)
            try:
                detections = None if picture is None else detector.detect(picture)
            except AnswerRefused as refusal:
                detections = None
                pipe.send(LookRefused(str(refusal)))
            pipe.send(Seen(turn.place, turn.number, seq, detections))
    except ModelRefused as refusal:
        pipe.send(Refused(refusal.texts))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
    except Exception as error:  # noqa: BLE001 - a border: the reason must reach the log of the main process
        pipe.send(Crashed(f"{type(error).__name__}: {error}"[:DETAIL_LENGTH_MAX]))


def _with_new(waiting: turns.Waiting, pipe: Connection) -> turns.Waiting:
    """Who waits after everything that was told; returns as soon as there is somebody."""
    while not waiting or pipe.poll():
        told = pipe.recv()
        if isinstance(told, Detect):
            waiting = turns.asked(waiting, told.request)
    return waiting
