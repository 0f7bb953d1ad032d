// Short names of layers with long paths: no two are the same.
import Testing

@testable import RunHistory

@Suite struct LayerNameTests {
  @Test
  func `paths lose what all share, then what stands before the block, then what stands within`() {
    let names = LayerNames([
      "model.embed_tokens", "model.layers.0.self_attn.q_proj", "model.layers.0.self_attn.k_proj",
      "model.layers.11.self_attn.q_proj",
    ])
    #expect(
      names.shorter["model.layers.11.self_attn.q_proj"]
        == ["layers.11.self_attn.q_proj", "11.self_attn.q_proj", "11.q_proj"])
    #expect(names.shorter["model.embed_tokens"] == ["embed_tokens"])
  }

  @Test func `what would make two layers one is not shortened`() {
    let names = LayerNames([
      "encoder.0.attn.out", "encoder.0.mlp.out", "decoder.0.attn.out", "decoder.0.mlp.out",
    ])
    #expect(names.shorter.isEmpty)
    let twice = LayerNames(["a.0.x.w", "a.0.y.w", "a.1.x.w"])
    #expect(twice.shorter["a.0.x.w"] == ["0.x.w"])
  }

  @Test func `plain names, one name and none stay as they are`() {
    #expect(LayerNames(["fc1", "fc2"]).shorter.isEmpty)
    #expect(LayerNames(["lstm.weight_ih_l0"]).shorter.isEmpty)
    #expect(LayerNames([]).shorter.isEmpty)
  }
}
