package io.postern.admin.scim;

import static io.postern.admin.scim.Outcomes.expectDone;

import io.postern.admin.service.ProvisionedUsers;
import io.postern.admin.service.ProvisionedUsers.Found;
import io.postern.admin.service.ProvisionedUsers.Held;
import io.postern.admin.service.ProvisionedUsers.Wanted;
import io.postern.base.Outcome;
import io.postern.domain.UserId;
import io.postern.domain.scim.Filter;
import io.postern.domain.scim.Incoming;
import io.postern.domain.scim.Matching;
import io.postern.domain.scim.Patch;
import io.postern.domain.scim.ResourceType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;

/// `/Users`. Who is set inactive or deleted is cut off with the answer (SCIM-2).
final class UserResources implements Resources {
    private static final ResourceType TYPE = ResourceType.USER;

    private final ProvisionedUsers users;
    private final UserDocument documents;
    private final Runnable afterLoss;

    /// @param afterLoss called before the answer when somebody lost his access
    UserResources(ProvisionedUsers users, UserDocument documents, Runnable afterLoss) {
        this.users = users;
        this.documents = documents;
        this.afterLoss = afterLoss;
    }

    @Override
    public Answer list(ScimCall call) {
        ListQuery query = call.query();
        Optional<Filter> filter = query.parsed();
        if (filter.isEmpty() && query.sortBy().isEmpty()) {
            Found found = users.page(call.client(), query.startIndex() - 1L, query.count());
            return Listing.of(found.total(), query.startIndex(), shown(query, found.page()));
        }
        Predicate<Map<String, Object>> matches =
                filter.map(f -> Matching.of(TYPE, f)).orElse(_ -> true);
        Predicate<Held> wanted = held -> matches.test(documents.of(held));
        Optional<String> name = Listing.only(filter, "userName");
        Optional<String> external = Listing.only(filter, "externalId");
        Optional<String> id = Listing.only(filter, "id");
        List<Held> found;
        if (name.isPresent()) {
            found = one(users.byName(call.client(), name.get()), wanted);
        } else if (external.isPresent()) {
            found = one(users.byExternalId(call.client(), external.get()), wanted);
        } else if (id.isPresent()) {
            found = one(id.flatMap(UserIds::parse).flatMap(user -> find(call, user)), wanted);
        } else {
            found = users.all(call.client(), query.mentions("groups") || query.mentions("manager"), wanted);
        }
        List<Held> page = Listing.page(TYPE, query, found, documents::of);
        return Listing.of(found.size(), query.startIndex(), shown(query, users.complete(call.client(), page)));
    }

    private Optional<Held> find(ScimCall call, UserId id) {
        return users.find(call.client(), id) instanceof Outcome.Done<Held>(Held held)
                ? Optional.of(held)
                : Optional.empty();
    }

    private static List<Held> one(Optional<Held> found, Predicate<Held> wanted) {
        return found.filter(wanted).stream().toList();
    }

    private List<Map<String, Object>> shown(ListQuery query, List<Held> page) {
        return page.stream()
                .map(held -> query.projection(TYPE).of(documents.of(held)))
                .toList();
    }

    @Override
    public Answer get(ScimCall call, String id) {
        Held held = expectDone(users.find(call.client(), id(id)));
        return answer(call, 200, held);
    }

    @Override
    public Answer create(ScimCall call) {
        Wanted wanted = documents.wanted(new Incoming(TYPE).document(call.body().get()));
        return answer(call, 201, expectDone(users.create(call.actor(), call.client(), wanted)));
    }

    @Override
    public Answer replace(ScimCall call, String id) {
        Map<String, Object> document = new Incoming(TYPE).document(call.body().get());
        return change(call, id, _ -> documents.wanted(document));
    }

    @Override
    public Answer patch(ScimCall call, String id) {
        Patch patch = Patch.read(ScimApi.member(call.body().get(), "Operations"));
        return change(call, id, held -> documents.wanted(patch.apply(TYPE, documents.writable(held))));
    }

    private Answer change(ScimCall call, String id, Function<Held, Wanted> edit) {
        var wasEnabled = new AtomicBoolean();
        Held after = expectDone(users.change(call.actor(), call.client(), id(id), held -> {
            call.expects(version(held));
            wasEnabled.set(held.user().accountEnabled());
            return edit.apply(held);
        }));
        if (wasEnabled.get() && !after.user().accountEnabled()) {
            afterLoss.run();
        }
        return answer(call, 200, after);
    }

    @Override
    public Answer delete(ScimCall call, String id) {
        expectDone(users.delete(call.actor(), call.client(), id(id), held -> call.expects(version(held))));
        afterLoss.run();
        return Answer.NO_CONTENT;
    }

    private String version(Held held) {
        return String.valueOf(((Map<?, ?>) documents.of(held).getOrDefault("meta", Map.of())).get("version"));
    }

    private Answer answer(ScimCall call, int status, Held held) {
        Map<String, Object> document = documents.of(held);
        return Answer.resource(status, document, call.query().projection(TYPE).of(document));
    }

    private static UserId id(String text) {
        return Listing.orNotFound(UserIds.parse(text), "user", text);
    }
}
