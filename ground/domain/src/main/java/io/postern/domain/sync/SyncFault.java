package io.postern.domain.sync;

/// Why an object is not as its directory says, with what somebody can do about it.
///
/// @param code one word, for scripts
public record SyncFault(String code, String message, String remedy) {}
