"""Right answers to `convolve_image`, and one that breaks each promise of the text."""

RIGHT = {
    "window by window": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i:i+KH, j:j+KW] * kernel)
    return out
""",
    "four loops": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            for m in range(KH):
                for n in range(KW):
                    out[i, j] += kernel[m, n] * image[i + m, j + n]
    return out
""",
    "shifted copies": """
def convolve_image(image, kernel):
    KH, KW = kernel.shape
    OH = image.shape[0] - KH + 1
    OW = image.shape[1] - KW + 1
    return sum(kernel[m, n] * image[m:m+OH, n:n+OW] for m in range(KH) for n in range(KW))
""",
    "sliding windows and einsum": """
def convolve_image(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijmn,mn->ij", windows, kernel)
""",
    "windows as rows of a matrix": """
def convolve_image(image, kernel):
    KH, KW = kernel.shape
    OH, OW = image.shape[0] - KH + 1, image.shape[1] - KW + 1
    rows = [image[i : i + KH, j : j + KW].ravel() for i in range(OH) for j in range(OW)]
    return (np.array(rows) @ kernel.ravel()).reshape(OH, OW)
""",
    "float32 and strides": """
def convolve_image(image, kernel):
    image = np.ascontiguousarray(image, dtype=np.float32)
    sh = tuple(np.subtract(image.shape, kernel.shape) + 1) + kernel.shape
    win = np.lib.stride_tricks.as_strided(image, sh, image.strides * 2)
    return np.tensordot(win, kernel.astype(np.float32), 2)
""",
    "lists": """
def convolve_image(image, kernel):
    image, kernel = image.tolist(), kernel.tolist()
    KH, KW = len(kernel), len(kernel[0])
    result = []
    for i in range(len(image) - KH + 1):
        result.append([])
        for j in range(len(image[0]) - KW + 1):
            result[-1].append(sum(kernel[m][n] * image[i + m][j + n] for m in range(KH) for n in range(KW)))
    return result
""",
    "a matrix that does it all": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    OH, OW = H-KH+1, W-KW+1
    T = np.zeros((OH*OW, H*W))
    for r in range(OH*OW):
        i, j = divmod(r, OW)
        for m in range(KH):
            T[r, (i+m)*W + j : (i+m)*W + j + KW] = kernel[m]
    return (T @ image.ravel()).reshape(OH, OW)
""",
    "Fourier": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    F = np.fft.rfft2(image) * np.conj(np.fft.rfft2(kernel, s=image.shape))
    return np.fft.irfft2(F, s=image.shape)[:H-KH+1, :W-KW+1]
""",
}

PROMISES = {
    "z_ij = Σ_m Σ_n w_mn x_{i+m, j+n}: the kernel is not turned round": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i:i+KH, j:j+KW] * kernel[::-1, ::-1])
    return out
""",
    "all products of a window are added up": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            for m in range(KH):
                for n in range(KW):
                    out[i, j] = kernel[m, n] * image[i + m, j + n]
    return out
""",
    "(H − KH + 1, W − KW + 1): one number for each window": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    out = np.zeros((H, W))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i:i+KH, j:j+KW] * kernel)
    return out
""",
    "the last window counts": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i:i+KH, j:j+KW] * kernel)
    return out
""",
    "each window lies inside the image": """
def convolve_image(image, kernel):
    KH, KW = kernel.shape
    image = np.pad(image, ((0, KH - 1), (0, KW - 1)))
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijmn,mn->ij", windows, kernel)
""",
    "kernels need not be square": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH = KW = len(kernel)
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i:i+KH, j:j+KW] * kernel)
    return out
""",
    "nor images": """
def convolve_image(image, kernel):
    H = W = len(image)
    KH, KW = kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i:i+KH, j:j+KW] * kernel)
    return out
""",
    "a kernel may be as large as the image": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    if (KH, KW) == (H, W):
        return np.zeros((1, 1))
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i:i+KH, j:j+KW] * kernel)
    return out
""",
    "whole numbers may meet fractions": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1), dtype=image.dtype)
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i:i+KH, j:j+KW] * kernel)
    return out
""",
    "negative sums stay negative": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i:i+KH, j:j+KW] * kernel)
    return np.maximum(out, 0)
""",
    "a function of its arguments, which stay as they are": """
def convolve_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    out = np.zeros((H - KH + 1, W - KW + 1))
    for i in range(H - KH + 1):
        for j in range(W - KW + 1):
            out[i, j] = np.sum(image[i:i+KH, j:j+KW] * kernel)
    image *= 0
    return out
""",
}
