"""Every conversation model on every dialogue: what it says, whether its speech says so too, and how soon."""


def test_conversation(conversation_case):
    conversation_case.check("fact_recall", "forbidden_facts", "wer", "speech_faults")


def test_conversation_over_all(conversation_corpus):
    conversation_corpus.check("fact_recall", "wer", "rtf", "first_token_s", "first_audio_s")


def test_conversation_regression(conversation_regression):
    conversation_regression.check()
