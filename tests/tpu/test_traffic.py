"""What moves between a chip and its memory, by the text of a program."""

from hnas_tf.tpu.largest import largest_values
from hnas_tf.tpu.traffic import traffic_of

# Written as XLA writes: `S(1)` lies on the chip.
PROGRAM = """HloModule step

%gathering (a: u8[1000,100], b: s32[4]) -> u8[4,100] {
  %a.4 = u8[1000,100]{1,0} parameter(0)
  %b.4 = s32[4]{0} parameter(1)
  ROOT %g = u8[4,100]{1,0} gather(%a.4, %b.4), offset_dims={1}
}

%adding (a: f32[10]) -> f32[10] {
  %a.1 = f32[10]{0} parameter(0)
  ROOT %n = f32[10]{0} add(%a.1, %a.1)
}

%both (a: f32[10], b: f32[10]) -> bf16[10] {
  %a.2 = f32[10]{0} parameter(0)
  %b.2 = f32[10]{0} parameter(1)
  ROOT %n.2 = bf16[10]{0} add(%a.2, %b.2)
}

%updating (a: f32[10], b: f32[10]) -> f32[10] {
  %a.3 = f32[10]{0} parameter(0)
  %b.3 = f32[10]{0} parameter(1)
  %part = f32[3]{0} slice(%b.3), slice={[0:3]}
  %at = s32[]{} constant(0)
  ROOT %n.3 = f32[10]{0} dynamic-update-slice(%a.3, %part, %at)
}

%outer (a: f32[10]) -> f32[2] {
  %a.5 = f32[10]{0} parameter(0)
  %n.5 = f32[2]{0} fusion(%a.5), calls=%slicing
  ROOT %n.6 = f32[2]{0} add(%n.5, %n.5)
}

%slicing (a: f32[10]) -> f32[2] {
  %a.6 = f32[10]{0} parameter(0)
  ROOT %n.7 = f32[2]{0} slice(%a.6), slice={[0:2]}
}

ENTRY %main (p: f32[10], q: u8[1000,100], r: s32[4]) -> (f32[10]) {
  %p = f32[10]{0:T(128)} parameter(0)
  %q = u8[1000,100]{1,0:T(8,128)} parameter(1)
  %r = s32[4]{0:T(128)S(1)} parameter(2)
  %copy-start = (f32[10]{0:T(128)S(1)}, f32[10]{0:T(128)}, u32[]{:S(2)}) %STARTS
  %copy-done = f32[10]{0:T(128)S(1)} copy-done(%copy-start)
  %slice-start = ((f32[10]{0:T(128)}), f32[5]{0:T(128)S(1)}, s32[]{:S(2)}) \
slice-start(%p), slice={[0:5]}
  %slice-done = f32[5]{0:T(128)S(1)} slice-done(%slice-start)
  %pictures = u8[4,100]{1,0:T(8,128)S(1)} fusion(%q, %r), calls=%gathering
  %inside = f32[10]{0:T(128)S(1)} fusion(%copy-done), calls=%adding, \
backend_config={"window_config":{"estimated_cycles":"700"}}
  %nested = f32[2]{0:T(128)S(1)} fusion(%p), calls=%outer
  %updated = f32[10]{0:T(128)} fusion(%p, %p), calls=%updating
  %out = bf16[10]{0:T(128)} fusion(%inside, /*index=1*/%p), calls=%both, \
backend_config={"window_config":{"estimated_cycles":"42"}}
  ROOT %tuple = (bf16[10]{0:T(128)}) tuple(%out)
}
"""
PROGRAM = PROGRAM.replace("\\\n", "").replace("%STARTS", "copy-start(%p)")


def test_only_what_leaves_the_chip_or_comes_to_it_counts():
    copied, sliced = 40, 20
    gathered = 400  # And not all of the thousand rows.
    read, written = 40, 20
    taken, updated = 12, 12  # Three numbers of ten.
    nested = 8  # Two.
    assert traffic_of(PROGRAM).bytes_moved == sum(
        (copied, sliced, gathered, read, written, taken, updated, nested)
    )


def test_cycles_are_those_of_all_operations():
    assert traffic_of(PROGRAM).cycles == 742


LOWERED = """
#loc1 = loc("network/group1.cell1.conv_1x1/Conv2D")
#loc2 = loc("network/logits/MatMul")
module @step {
    %1 = stablehlo.add %0, %0 : tensor<8x4x4x2xbf16> loc(#loc1)
    %2 = stablehlo.add %0, %0 : tensor<8x2x4x2xf32> loc(#loc9)
    %3 = stablehlo.dot %1, %2 : (tensor<8x2xf32>) -> tensor<8x3xf32> loc(#loc2)
    %4 = stablehlo.dot %1, %2 : (tensor<8x2xf32>) -> tensor<8x3xf32> loc(#loc3)
    %5 = stablehlo.dot %1, %2 : (tensor<8x2xf32>) -> tensor<8x2xf32> loc(#loc2)
}
#loc3 = loc("gradient_tape/network/logits/MatMul")
#loc9 = loc(fused[#loc1, #loc2])
"""


def test_the_largest_values_are_told_once_a_shape():
    fused, alone, logits, last = largest_values(LOWERED)
    name = "network/group1.cell1.conv_1x1/Conv2D"
    assert fused == f"0.0 MiB, 8x4x4x2xbf16: {name}"
    assert alone == f"0.0 MiB, 8x2x4x2xf32: {name}"
    assert logits == "0.0 MiB, 8x3xf32: network/logits/MatMul and 1 more"
    assert last == "0.0 MiB, 8x2xf32: network/logits/MatMul"
    assert largest_values(LOWERED, 1) == [fused]
