package io.postern.run.connector.questions;

import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/// Answers one kind of question. Called by virtual threads, several at once.
public interface Answering {
    /// @param question as the service put it: a newer one may tell more than is known here
    /// @param limit nobody waits longer
    /// @return seen by administrators: no secret
    /// @throws IllegalArgumentException when the question cannot be read; the sentence is the answer
    ObjectNode answer(ObjectNode question, Duration limit);
}
