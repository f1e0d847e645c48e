/// Synchronisation with another directory: what an object there says, what becomes of it here, and when that must not
/// be. Pure.
package io.postern.domain.sync;
