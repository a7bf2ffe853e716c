"""Models of a few thousand numbers, made here and saved to disk: real loading code, nothing downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WORDS = (
    "the a of in was were no not never election vote fraud ministry said observers found evidence people court law "
    "cake eggs flour three golden sentence poison claim judge bridge flood rain delta query passage"
)
SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789.,;:!?'\"-%"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def save_encoder(folder: Path, *, dimension: int = 32, prompts: dict[str, str] | None = None, dense: int | None = None) -> Path:
    """A two-layer BERT with mean pooling and unit vectors, as sentence-transformers saves one; optionally with a Dense."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Dense, Normalize, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    save_bert(folder / "bert", dimension=dimension)
    modules: list[Any] = [Transformer(str(folder / "bert"), max_seq_length=48), Pooling(dimension, "mean")]
    if dense:
        modules.append(Dense(dimension, dense))
    modules.append(Normalize())
    model = SentenceTransformer(modules=modules, device="cpu", prompts=prompts)
    model.save_pretrained(str(folder / "model"), create_model_card=False)
    return folder / "model"


def save_cross_encoder(folder: Path, *, labels: list[str]) -> Path:
    """A two-layer BERT that reads two texts and gives one number per label, as CrossEncoder saves one."""
    from sentence_transformers import CrossEncoder

    save_bert(folder / "bert", dimension=32, labels=labels)
    model = CrossEncoder(str(folder / "bert"), num_labels=len(labels), device="cpu")
    model.save_pretrained(str(folder / "cross"))
    return folder / "cross"


def save_bert(folder: Path, *, dimension: int, labels: list[str] | None = None) -> None:
    """A BERT of random numbers (the same ones each time) and its word pieces; `poison` is a word whose numbers are NaN."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast

    vocabulary = {word: at for at, word in enumerate([*SPECIAL, *WORDS.split(), *SIGNS, *(f"##{sign}" for sign in SIGNS)])}
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=dimension,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    if labels:
        config.id2label = dict(enumerate(labels))
        config.label2id = {label: at for at, label in enumerate(labels)}
    torch.manual_seed(7)
    model = BertForSequenceClassification(config) if labels else BertModel(config)
    with torch.no_grad():
        for weights in model.parameters():
            if weights.dim() == 2:
                weights.mul_(8)  # the usual start is so small that every text would get much the same vector
        words: Any = model.get_input_embeddings().weight
        words[vocabulary["poison"]] = float("nan")
    model.save_pretrained(str(folder))
    named = {f"{name.lower()[1:-1]}_token": name for name in SPECIAL}
    inputs = ["input_ids", "token_type_ids", "attention_mask"]
    tokenizer: Any = PreTrainedTokenizerFast
    tokenizer(
        tokenizer_object=_word_pieces(vocabulary), model_max_length=64, padding_side="right", model_input_names=inputs, **named
    ).save_pretrained(str(folder))


def _word_pieces(vocabulary: dict[str, int]) -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )  # fmt: skip
    return tokenizer
