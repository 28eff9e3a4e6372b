"""Right answers to `conv_output_size`, and one that breaks each promise of the text."""

RIGHT = {
    "formula": """
def conv_output_size(size, kernel, stride, pad):
    return (size + 2 * pad - kernel) // stride + 1
""",
    "places counted by range": """
def conv_output_size(size, kernel, stride, pad):
    return len(range(0, size + 2 * pad - kernel + 1, stride))
""",
    "walking": """
def conv_output_size(size, kernel, stride, pad):
    n, at = 0, -pad
    while at + kernel <= size + pad:
        n += 1
        at += stride
    return n
""",
    "cut to an int": """
def conv_output_size(size, kernel, stride, pad):
    return int((size + 2*pad - kernel) / stride + 1)
""",
    "stride added first": """
def conv_output_size(size, kernel, stride, pad):
    return (size + 2 * pad - kernel + stride) // stride
""",
    "math.floor": """
def conv_output_size(size, kernel, stride, pad):
    return 1 + math.floor((size + 2 * pad - kernel) / stride)
""",
    "an integer of NumPy": """
def conv_output_size(size, kernel, stride, pad):
    return np.arange(-pad, size + pad - kernel + 1, stride).size
""",
    "recursion": """
def conv_output_size(size, kernel, stride, pad):
    if pad:
        return conv_output_size(size + 2 * pad, kernel, stride, 0)
    return 0 if size < kernel else 1 + conv_output_size(size - stride, kernel, stride, 0)
""",
}

PROMISES = {
    "→ int": """
def conv_output_size(size, kernel, stride, pad):
    return np.floor((size + 2 * pad - kernel) / stride) + 1
""",
    "the first place counts": """
def conv_output_size(size, kernel, stride, pad):
    return (size + 2 * pad - kernel) // stride
""",
    "pad on both sides": """
def conv_output_size(size, kernel, stride, pad):
    return (size + pad - kernel) // stride + 1
""",
    "a window that fits in part is none": """
def conv_output_size(size, kernel, stride, pad):
    return math.ceil((size + 2 * pad - kernel) / stride) + 1
""",
    "nor is one of which most fits": """
def conv_output_size(size, kernel, stride, pad):
    return round((size + 2 * pad - kernel) / stride) + 1
""",
    "a stride may be larger than the kernel": """
def conv_output_size(size, kernel, stride, pad):
    return (size + 2 * pad - kernel) // min(stride, kernel) + 1
""",
    "a kernel may be as large as the image": """
def conv_output_size(size, kernel, stride, pad):
    return max(2, (size + 2 * pad - kernel) // stride + 1)
""",
    "a kernel may be larger than the image, if the padded image has room": """
def conv_output_size(size, kernel, stride, pad):
    return (size + 2 * pad - kernel) // stride + 1 if kernel <= size else 0
""",
}
