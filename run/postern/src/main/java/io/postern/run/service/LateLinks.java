package io.postern.run.service;

import io.postern.domain.AppId;
import io.postern.domain.links.LinkRecorder;
import io.postern.domain.links.LinkReport;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// The gateway's recorder of links, for the administration, which is built before the gateway.
record LateLinks(Supplier<LinkRecorder> gateway) implements LinkRecorder {
    @Override
    public Optional<LinkReport> start(AppId application, Duration length) {
        return gateway.get().start(application, length);
    }

    @Override
    public LinkReport report(AppId application) {
        return gateway.get().report(application);
    }

    @Override
    public void forget(AppId application) {
        gateway.get().forget(application);
    }
}
