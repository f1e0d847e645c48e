/// Service, connector and demo with defaults that need no preparation. The line that it prints with
/// `--json` is a contract ([ReadyReport]).
package io.postern.run.quickstart;
