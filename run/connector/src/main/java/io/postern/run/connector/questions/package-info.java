/// Answers questions of the service that only a machine beside the backends can answer. Virtual threads that wait.
@org.jspecify.annotations.NullMarked
package io.postern.run.connector.questions;
