"""The text form of a network: what it reads, what it refuses, and that it says why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netcore.errors import ArchitectureError, SettingError
from netcore.nn.architecture import MOST_NEURONS, MOST_PARAMETERS, Architecture, Layer

HIDDEN = st.builds(Layer, st.sampled_from(["relu", "tanh", "sigmoid", "linear"]), st.integers(1, 300))
ARCHITECTURES = st.builds(
    lambda hidden, classes, inputs: Architecture((*hidden, Layer("softmax", classes)), inputs),
    st.lists(HIDDEN, max_size=5),
    st.integers(1, 60),
    st.integers(1, 1000),
)


@given(ARCHITECTURES)
def test_the_text_says_it_all(architecture: Architecture):
    assert Architecture.parse(str(architecture), architecture.inputs) == architecture


@given(ARCHITECTURES, st.sampled_from(["", " ", "  \t"]), st.booleans())
def test_spaces_and_letter_case_do_not_matter(architecture: Architecture, space: str, shout: bool):
    text = str(architecture).replace(" ", "")
    for sign in "(),":
        text = text.replace(sign, f"{space}{sign}{space}")
    assert Architecture.parse(text.upper() if shout else text, architecture.inputs) == architecture


@given(ARCHITECTURES)
def test_parameters_are_counted_one_by_one(architecture: Architecture):
    count, before = 0, architecture.inputs
    for layer in architecture.layers:
        count += before * layer.size + layer.size
        before = layer.size
    assert architecture.parameters == count
    assert architecture.sizes == (architecture.inputs, *(layer.size for layer in architecture.layers))
    assert architecture.classes == architecture.layers[-1].size


def test_the_network_of_the_readme():
    architecture = Architecture.parse("relu(128), relu(64), softmax(10)")
    assert architecture.sizes == (784, 128, 64, 10)
    assert architecture.parameters == 100_480 + 8_256 + 650


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "none given"),
        ("  ", "none given"),
        ("relu(128", "'relu(128'"),
        ("relu 128, softmax(10)", "'relu 128'"),
        ("relu(12.5), softmax(10)", "'relu(12.5)'"),
        ("relu(-3), softmax(10)", "'relu(-3)'"),
        ("relu(128),, softmax(10)", "''"),
        ("relu(128); softmax(10)", "'relu(128); softmax(10)'"),
        ("swish(128), softmax(10)", "'swish'"),
        ("relu(0), softmax(10)", "0 neurons"),
        (f"relu({MOST_NEURONS + 1}), softmax(10)", f"{MOST_NEURONS + 1} neurons"),
        ("relu(128)", "relu(128)"),
        ("softmax(10), relu(10), softmax(10)", "softmax(10) stands before"),
        ("relu(60000), relu(60000), softmax(10)", "3,647,760,010 parameters"),
        (f"relu({'9' * 5000}), softmax(10)", "cannot read 'relu(999"),  # more digits than int() takes
    ],
)
def test_a_text_that_does_not_work_is_refused_by_name(text: str, names: str):
    with pytest.raises(ArchitectureError) as caught:
        Architecture.parse(text)
    assert names in str(caught.value)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, SettingError)
    assert caught.value.setting == "layers"


@given(st.text(alphabet="relusoftmax(),0123456789 \t-٣", max_size=30))
def test_no_text_breaks_the_reader(text: str):
    try:
        architecture = Architecture.parse(text)
    except ArchitectureError as error:
        assert str(error).startswith("layers: ")
    else:
        assert Architecture.parse(str(architecture)) == architecture
        assert architecture.parameters <= MOST_PARAMETERS
