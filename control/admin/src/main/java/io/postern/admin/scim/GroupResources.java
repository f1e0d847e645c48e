package io.postern.admin.scim;

import static io.postern.admin.scim.Outcomes.expectDone;

import io.postern.admin.service.ProvisionedGroups;
import io.postern.admin.service.ProvisionedGroups.Held;
import io.postern.admin.service.ProvisionedGroups.Wanted;
import io.postern.base.Outcome;
import io.postern.domain.GroupId;
import io.postern.domain.scim.Filter;
import io.postern.domain.scim.Matching;
import io.postern.domain.scim.Patch;
import io.postern.domain.scim.Projection;
import io.postern.domain.scim.ResourceType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// `/Groups`. Members are read where they are in the answer or count for a version, and not else.
final class GroupResources implements Resources {
    private static final ResourceType TYPE = ResourceType.GROUP;

    private final ProvisionedGroups groups;
    private final GroupDocument documents;

    GroupResources(ProvisionedGroups groups, GroupDocument documents) {
        this.groups = groups;
        this.documents = documents;
    }

    @Override
    public Answer list(ScimCall call) {
        ListQuery query = call.query();
        Optional<Filter> filter = query.parsed();
        Predicate<Map<String, Object>> matches =
                filter.map(f -> Matching.of(TYPE, f)).orElse(_ -> true);
        Predicate<Held> wanted = held -> matches.test(documents.of(held));
        boolean withMembers = query.mentions("members") || query.mentions("meta");
        Optional<String> external = Listing.only(filter, "externalId");
        Optional<String> id = Listing.only(filter, "id");
        List<Held> found;
        if (external.isPresent()) {
            found = one(groups.byExternalId(call.client(), external.get(), withMembers), wanted);
        } else if (id.isPresent()) {
            found = one(id.flatMap(GroupResources::parse).flatMap(group -> find(call, group, withMembers)), wanted);
        } else {
            found = groups.all(call.client(), withMembers, wanted);
        }
        List<Held> page = Listing.page(TYPE, query, found, documents::of);
        Projection projection = query.projection(TYPE);
        List<Held> shown = projection.has("members") ? groups.complete(call.client(), page) : page;
        return Listing.of(
                found.size(),
                query.startIndex(),
                shown.stream().map(held -> projection.of(documents.of(held))).toList());
    }

    private Optional<Held> find(ScimCall call, GroupId id, boolean withMembers) {
        return groups.find(call.client(), id, withMembers) instanceof Outcome.Done<Held>(Held held)
                ? Optional.of(held)
                : Optional.empty();
    }

    private static List<Held> one(Optional<Held> found, Predicate<Held> wanted) {
        return found.filter(wanted).stream().toList();
    }

    @Override
    public Answer get(ScimCall call, String id) {
        boolean withMembers = call.query().projection(TYPE).has("members")
                || call.ifNoneMatch().isPresent();
        return answer(call, 200, expectDone(groups.find(call.client(), id(id), withMembers)));
    }

    @Override
    public Answer create(ScimCall call) {
        Wanted wanted = documents.wanted(call.body().get());
        return answer(call, 201, expectDone(groups.create(call.actor(), call.client(), wanted)));
    }

    @Override
    public Answer replace(ScimCall call, String id) {
        Wanted wanted = documents.wanted(call.body().get());
        return answer(call, 200, change(call, id, true, _ -> wanted));
    }

    /// Answered without a body, unless attributes are asked for (RFC 7644 §3.5.2): nobody wants fifty thousand members
    /// back for each that he adds.
    @Override
    public Answer patch(ScimCall call, String id) {
        Patch patch = Patch.read(ScimApi.member(call.body().get(), "Operations"));
        boolean wantsAnswer = call.query().attributes().isPresent();
        boolean withMembers = call.ifMatch().isPresent()
                || (wantsAnswer && call.query().projection(TYPE).has("members"));
        Held after = change(call, id, withMembers, held -> documents.patched(patch, held));
        return wantsAnswer ? answer(call, 200, after) : Answer.NO_CONTENT;
    }

    private Held change(ScimCall call, String id, boolean withMembers, Function<Held, Wanted> edit) {
        return expectDone(groups.change(call.actor(), call.client(), id(id), withMembers, held -> {
            expected(call, held);
            return edit.apply(held);
        }));
    }

    @Override
    public Answer delete(ScimCall call, String id) {
        expectDone(groups.delete(
                call.actor(), call.client(), id(id), call.ifMatch().isPresent(), held -> expected(call, held)));
        return Answer.NO_CONTENT;
    }

    private boolean expected(ScimCall call, Held held) {
        return call.ifMatch().isEmpty()
                || call.expects(
                        String.valueOf(((Map<?, ?>) documents.of(held).getOrDefault("meta", Map.of())).get("version")));
    }

    private Answer answer(ScimCall call, int status, Held held) {
        Map<String, Object> document = documents.of(held);
        return Answer.resource(status, document, call.query().projection(TYPE).of(document));
    }

    private static Optional<GroupId> parse(String text) {
        try {
            return Optional.of(new GroupId(text.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static GroupId id(String text) {
        return Listing.orNotFound(parse(text), "group", text);
    }
}
