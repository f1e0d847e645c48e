package io.postern.admin.service;

import io.postern.domain.health.Probed;
import io.postern.domain.health.Verdict;
import io.postern.domain.publish.Application;
import io.postern.store.Connector;
import java.util.Optional;

/// How things stand on the way through one connector to one application.
///
/// @param verdict that counts now; never a good one that is too old or about something else
/// @param probed the newest probe, which may say otherwise than the verdict where that is no longer to be believed
/// @param detail what is behind it, for administrators; empty where the verdict says it all
/// @param remedy what to do; empty while all is well
public record PathHealth(
        Application application,
        Connector connector,
        Verdict verdict,
        Optional<Probed> probed,
        String detail,
        String remedy) {}
