"""A camera without a street: pictures and video of a drawn street, with ground truth, served over RTSP."""
