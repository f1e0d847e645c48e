/// The immutable picture of everything the data plane may know. Built by the control plane after each
/// change, read on event loops without a lock.
package io.postern.domain.snapshot;
