package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Services;
import io.postern.admin.service.SyncDraft;
import io.postern.admin.service.SyncSources;
import io.postern.domain.UserId;
import io.postern.domain.directory.Action;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.SyncSettings;
import io.postern.store.Stores;
import io.postern.store.SyncJob;
import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import io.postern.store.SyncStore;
import io.postern.store.UserStore;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// `sync/sources`: other directories and how their synchronisation stands, and the deleted users of
/// `directory/deletedItems`. The original's `onPremisesSynchronization` has one set of switches for a tenant and no
/// sources, so these have a place of their own.
final class SyncResource {
    private static final String ALL = "/sync/sources";
    private static final String ONE = ALL + "/{id}";
    private static final String DELETED = "/directory/deletedItems";

    private final SyncSources sources;
    private final Shapes shapes;

    SyncResource(Services services, Shapes shapes) {
        this.sources = services.syncSources();
        this.shapes = shapes;
    }

    List<Route> routes() {
        return List.of(
                Route.list(Action.DIRECTORY_READ, ALL, this::list),
                Route.change(Action.SYNC_WRITE, Verb.POST, ALL, this::create),
                Route.get(
                        Action.DIRECTORY_READ,
                        ONE,
                        call -> Reply.ok(shape(expectDone(sources.find(call.tenant(), call.text("id")))))),
                Route.change(Action.SYNC_WRITE, Verb.PATCH, ONE, this::patch),
                Route.change(Action.SYNC_WRITE, Verb.DELETE, ONE, call -> {
                    expectDone(sources.delete(call.actor(), call.text("id")));
                    return Reply.NO_CONTENT;
                }),
                Route.change(Action.SYNC_WRITE, Verb.POST, ONE + "/start", this::start),
                Route.list(Action.DIRECTORY_READ, ONE + "/cycles", this::cycles),
                Route.list(Action.DIRECTORY_READ, ONE + "/errors", this::errors),
                Route.list(Action.DIRECTORY_READ, ONE + "/preview", this::preview),
                Route.list(Action.DIRECTORY_READ, DELETED + "/microsoft.graph.user", this::deleted),
                Route.change(Action.USERS_WRITE, Verb.POST, DELETED + "/{id}/restore", this::restore));
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                sources.list(call.tenant()),
                seen -> seen.source().name(),
                Map.of("name", seen -> seen.source().name()),
                SyncResource::shape);
    }

    private Reply create(Call call) {
        JsonForm form = call.form();
        SyncDraft draft = draft(form);
        if (draft.name().value().isEmpty()) {
            form.fault("name", "name is missing");
        }
        form.finish();
        return Reply.created(shape(expectDone(sources.create(call.actor(), draft))));
    }

    private Reply patch(Call call) {
        JsonForm form = call.form();
        SyncDraft draft = draft(form);
        form.finish();
        SyncSources.Seen seen = expectDone(sources.patch(call.actor(), call.text("id"), draft));
        return call.wantsResult() ? Reply.ok(shape(seen)) : Reply.NO_CONTENT;
    }

    private static SyncDraft draft(JsonForm form) {
        return new SyncDraft(
                form.text("name"),
                form.text("directory"),
                form.text("connectorGroupId"),
                form.flag("isEnabled"),
                form.texts("bases"),
                form.texts("excluded"),
                form.clearable("userFilter"),
                form.clearable("groupFilter"),
                form.texts("membersOf"),
                form.flag("isNestedMembershipIncluded"),
                form.map("mapping"),
                form.number("intervalMinutes"),
                form.number("deletionsMax"),
                form.number("deletionsPercentMax"),
                form.flag("isSoftMatchEnabled"),
                new SyncDraft.Passwords(
                        form.text("passwordCheck"),
                        form.number("passwordTriesMax"),
                        form.number("passwordPauseMinutes")));
    }

    /// `{"kind": "delta" | "full" | "preview", "allowedDeletions": 600}`.
    private Reply start(Call call) {
        JsonForm form = call.form();
        Edit<String> kind = form.text("kind");
        Edit<Integer> allowed = form.number("allowedDeletions");
        String wanted = kind.or("delta");
        if (!List.of("delta", "full", "preview").contains(wanted)) {
            form.fault("kind", "kind '" + wanted + "' must be delta, full or preview");
        }
        form.finish();
        expectDone(sources.request(
                call.actor(), call.text("id"), wanted.equals("full"), wanted.equals("preview"), allowed.value()));
        return Reply.NO_CONTENT;
    }

    private Reply cycles(Call call) {
        return Paging.page(
                call,
                expectDone(sources.cycles(call.tenant(), call.text("id"))),
                job -> String.format(
                                Locale.ROOT,
                                "%020d",
                                Long.MAX_VALUE - job.started().toEpochMilli())
                        + job.id(),
                Map.of(),
                SyncResource::shape);
    }

    private Reply errors(Call call) {
        return Paging.page(
                call,
                expectDone(sources.faults(call.tenant(), call.text("id"))),
                SyncObject::anchor,
                Map.of("code", o -> o.fault().map(f -> f.code()).orElse("")),
                SyncResource::shape);
    }

    private Reply preview(Call call) {
        return Paging.page(
                call,
                expectDone(sources.preview(call.tenant(), call.text("id"))),
                line -> line.outcome() + "\0" + line.name() + "\0" + line.anchor(),
                Map.of("outcome", SyncStore.Previewed::outcome),
                line -> Shapes.object()
                        .put("id", line.anchor())
                        .put("outcome", line.outcome())
                        .put("name", line.name())
                        .put("detail", line.detail()));
    }

    private Reply deleted(Call call) {
        return Paging.page(
                call,
                sources.deleted(call.tenant()),
                deleted -> deleted.user().id().value(),
                Map.of("userPrincipalName", deleted -> deleted.user().userPrincipalName()),
                this::shape);
    }

    private Reply restore(Call call) {
        return Reply.ok(
                shapes.user(expectDone(sources.restore(call.actor(), call.id("id", "deleted user", UserId::new)))));
    }

    private ObjectNode shape(UserStore.Deleted deleted) {
        return shapes.user(deleted.user())
                .put("deletedDateTime", deleted.since().toString())
                .put(
                        "permanentDeletionDateTime",
                        deleted.since().plus(Stores.DELETED_MEMORY).toString());
    }

    private static ObjectNode shape(SyncSources.Seen seen) {
        SyncSource source = seen.source();
        SyncSettings settings = source.settings();
        ObjectNode json = Shapes.object()
                .put("id", source.id())
                .put("name", source.name())
                .put("directory", source.directory())
                .put("connectorGroupId", source.group().value())
                .put("connectorGroupName", seen.groupName().orElse(null))
                .put("isEnabled", source.enabled());
        settings.bases().stream().map(DirectoryName::text).forEach(json.putArray("bases")::add);
        settings.excluded().stream().map(DirectoryName::text).forEach(json.putArray("excluded")::add);
        json.put("userFilter", settings.userFilter().orElse(null))
                .put("groupFilter", settings.groupFilter().orElse(null));
        settings.members().groups().stream().map(DirectoryName::text).forEach(json.putArray("membersOf")::add);
        json.put("isNestedMembershipIncluded", settings.members().nested());
        ObjectNode mapping = json.putObject("mapping");
        new TreeMap<>(settings.mapping()).forEach(mapping::put);
        json.put("intervalMinutes", settings.interval().toMinutes())
                .put("deletionsMax", settings.deletions().count())
                .put("deletionsPercentMax", settings.deletions().percent())
                .put("isSoftMatchEnabled", settings.softMatch())
                .put("passwordCheck", settings.passwordCheck().onPremises() ? "onPremises" : "here")
                .put("passwordTriesMax", settings.passwordCheck().triesMax())
                .put("passwordPauseMinutes", settings.passwordCheck().pause().toMinutes())
                .put("createdDateTime", source.created().toString());
        ObjectNode status = json.putObject("status");
        status.put("activeConnector", seen.holder().orElse(null))
                .put(
                        "activeUntilDateTime",
                        seen.state().holder().map(h -> h.until().toString()).orElse(null))
                .put("nextCycleDateTime", seen.state().due().toString())
                .put("objects", seen.users())
                .put("waitingDeletions", seen.waiting());
        seen.checkers().forEach(status.putArray("passwordConnectors")::add);
        if (seen.last().isEmpty()) {
            status.putNull("lastCycle");
        } else {
            status.set("lastCycle", shape(seen.last().getFirst()));
        }
        return json;
    }

    private static ObjectNode shape(SyncJob job) {
        ObjectNode json = Shapes.object()
                .put("id", job.id())
                .put("kind", job.kind().name().toLowerCase(Locale.ROOT))
                .put("state", state(job.phase()))
                .put("connectorId", job.connector().value())
                .put("startDateTime", job.started().toString())
                .put("endDateTime", job.ended().map(Instant::toString).orElse(null))
                .put("pages", job.nextPage());
        ObjectNode counts = json.putObject("counts");
        job.counts().forEach(counts::put);
        json.putNull("error").putNull("warning");
        if (!job.code().isEmpty()) {
            json.putObject(job.phase() == SyncJob.Phase.DONE ? "warning" : "error")
                    .put("code", job.code())
                    .put("message", job.message())
                    .put("remedy", job.remedy());
        }
        return json;
    }

    private static String state(SyncJob.Phase phase) {
        return switch (phase) {
            case RUNNING -> "reading";
            case FINISHING -> "finishing";
            case DONE -> "done";
            case STOPPED -> "stopped";
            case FAILED -> "failed";
            case LOST -> "lost";
        };
    }

    private static ObjectNode shape(SyncObject object) {
        ObjectNode json = Shapes.object()
                .put("id", object.anchor())
                .put("kind", object.kind().name().toLowerCase(Locale.ROOT))
                .put("distinguishedName", object.name().text())
                .put("objectId", object.target().orElse(null));
        Optional.of(object)
                .flatMap(SyncObject::fault)
                .ifPresent(fault -> json.put("code", fault.code())
                        .put("message", fault.message())
                        .put("remedy", fault.remedy()));
        return json;
    }
}
