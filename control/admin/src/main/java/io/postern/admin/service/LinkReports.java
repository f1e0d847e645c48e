package io.postern.admin.service;

import io.postern.base.Outcome;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.links.LinkRecorder;
import io.postern.domain.links.LinkReport;
import io.postern.domain.publish.Application;
import io.postern.store.Stores;
import java.time.Duration;
import java.util.Map;

/// Dry runs of link translation (1.10): which links of an application lead inside, and what becomes of them. As
/// this node of the service sees it pass.
public final class LinkReports {
    public static final Duration LENGTH_MIN = Duration.ofSeconds(10);
    public static final Duration LENGTH_MAX = Duration.ofHours(1);

    /// @param application is published
    public record OfApplication(Application application, LinkReport report) {}

    private final String node;
    private final Ledger ledger;
    private final LinkRecorder recorder;

    /// @param node what people call this node of the service
    public LinkReports(String node, Ledger ledger, LinkRecorder recorder) {
        this.node = node;
        this.ledger = ledger;
        this.recorder = recorder;
    }

    public String node() {
        return node;
    }

    public Outcome<OfApplication> find(TenantId tenant, ObjectId id) {
        return ledger.look(stores -> {
            Application application = published(stores, tenant, id);
            return new OfApplication(application, recorder.report(application.appId()));
        });
    }

    /// Records for so long, in place of the former recording.
    public Outcome<OfApplication> start(Actor actor, ObjectId id, Duration length) {
        return ledger.change(actor, change -> {
            Application application = published(change.stores(), actor.tenant(), id);
            change.note(Activity.RECORD_LINKS, id, application.displayName(), Map.of("duration", length.toString()));
            LinkReport report = recorder.start(application.appId(), length)
                    .orElseThrow(() -> Rejected.conflict(
                            "node '" + node + "' records the links of 16 applications already; wait until one ends"));
            return new OfApplication(application, report);
        });
    }

    /// Ends the recording and drops what is known.
    public Outcome<OfApplication> forget(Actor actor, ObjectId id) {
        return ledger.change(actor, change -> {
            Application application = published(change.stores(), actor.tenant(), id);
            change.note(Activity.FORGET_LINKS, id, application.displayName());
            recorder.forget(application.appId());
            return new OfApplication(application, LinkReport.NONE);
        });
    }

    private static Application published(Stores stores, TenantId tenant, ObjectId id) {
        Application application =
                stores.applications().find(tenant, id).orElseThrow(() -> Rejected.notFound("application", id));
        if (application.publishing().isEmpty()) {
            throw Rejected.notFound("publication of application", application.displayName());
        }
        return application;
    }
}
