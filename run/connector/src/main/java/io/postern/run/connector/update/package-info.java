/// The updater: a small process that runs the connector, installs new versions beside it, has them proved through the
/// tunnel and only then lets the old one go.
@org.jspecify.annotations.NullMarked
package io.postern.run.connector.update;
