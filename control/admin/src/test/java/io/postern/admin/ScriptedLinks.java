package io.postern.admin;

import io.postern.domain.AppId;
import io.postern.domain.links.LinkRecorder;
import io.postern.domain.links.LinkReport;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The data plane's side of dry runs, played by the test.
final class ScriptedLinks implements LinkRecorder {
    final Map<AppId, LinkReport> reports = new ConcurrentHashMap<>();
    volatile Optional<LinkReport> started = Optional.of(LinkReport.NONE);
    volatile Optional<Duration> length = Optional.empty();

    @Override
    public Optional<LinkReport> start(AppId application, Duration wanted) {
        length = Optional.of(wanted);
        started.ifPresent(report -> reports.put(application, report));
        return started;
    }

    @Override
    public LinkReport report(AppId application) {
        return reports.getOrDefault(application, LinkReport.NONE);
    }

    @Override
    public void forget(AppId application) {
        reports.remove(application);
    }
}
