/// Asks the service which directory is to be read, reads it, and sends what was read. Virtual threads that
/// wait.
@org.jspecify.annotations.NullMarked
package io.postern.run.connector.directory;
