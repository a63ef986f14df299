"""Object detectors: the port, and ONNX Runtime behind it. Only this package imports onnxruntime."""
