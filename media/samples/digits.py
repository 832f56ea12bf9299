"""A small convolutional network that reads handwritten digits.

Point at a layer's name to see what its channels look for, or choose
"Visualize this layer" above it. Nothing here has to run for that.
"""

import sys

import numpy as np
from keras import Input, Sequential
from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from PIL import Image

model = Sequential(
    [
        Input((28, 28, 1), name="image"),
        # Strokes and edges in every direction, 5 pixels wide.
        Conv2D(16, 5, activation="relu", name="conv1"),
        MaxPooling2D(2, name="pool1"),
        # Bends, crossings and line ends, 14 pixels wide.
        Conv2D(32, 5, activation="relu", name="conv2"),
        MaxPooling2D(2, name="pool2"),
        # Large parts of a digit: loops, hooks, long diagonals.
        Conv2D(48, 3, activation="relu", name="conv3"),
        Flatten(name="flatten"),
        Dense(64, activation="relu", name="hidden"),
        # One unit for each digit.
        Dense(10, activation="softmax", name="digits"),
    ],
    name="digits",
)
model.load_weights("digits.h5")


def read_digit(path):
    """Returns the digit in a 28x28 picture, and how sure the network is of it."""
    pixels = np.asarray(Image.open(path).convert("L").resize((28, 28)))
    probabilities = model.predict(pixels[None, :, :, None] / 255.0, verbose=0)[0]
    return probabilities.argmax(), probabilities.max()


if __name__ == "__main__":
    for path in sys.argv[1:] or ["images/three.png"]:
        digit, probability = read_digit(path)
        print(f"{path}: {digit} ({probability:.0%})")
