/// When connectors may be updated, and what counts as the proof of a new version. Pure; floor 2.
package io.postern.domain.update;
