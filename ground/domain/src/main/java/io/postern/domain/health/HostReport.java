package io.postern.domain.health;

import java.time.Instant;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// What a connector says of its machine and its work. Its word only: shown to people, decided upon by nobody.
///
/// @param time by its own clock
/// @param machineBusy part of all processors' time in use, 0 to 1
/// @param processBusy processors' worth of time that the connector takes
/// @param exchanges being served, WebSockets aside
/// @param waiting requests that wait for a connection to their backend
/// @param requestBytes of bodies since the connector's start
public record HostReport(
        Instant time,
        int processors,
        OptionalDouble machineBusy,
        OptionalDouble processBusy,
        OptionalLong memoryBytes,
        OptionalLong memoryAvailableBytes,
        OptionalLong residentBytes,
        OptionalLong openFiles,
        OptionalLong openFilesMax,
        int exchanges,
        int webSockets,
        int waiting,
        long requestBytes,
        long responseBytes) {}
