/// The interfaces through which everything is kept, and their rows. Each aggregate is keyed by tenant.
/// Callers work inside [Store#read] or [Store#write]; they never see a connection. Floor 3.
package io.postern.store;
