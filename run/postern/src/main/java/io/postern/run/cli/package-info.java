/// Commands that administer a running service: a thin client of its REST API (docs/api.md). Owns no rule
/// of its own; what the API refuses is shown as the API says it.
package io.postern.run.cli;
