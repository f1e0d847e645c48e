package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.account.Methods;
import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Services;
import io.postern.admin.service.UserMethods;
import io.postern.admin.service.Users;
import io.postern.domain.directory.Action;
import io.postern.store.AuthenticationMethod;
import io.postern.store.AuthenticationMethod.Kind;
import io.postern.store.User;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `users/{id}/authentication`: what a user proves himself with.
final class UserMethodsResource {
    private static final int PASS_MINUTES = 60;

    private final Users users;
    private final UserMethods methods;

    UserMethodsResource(Services services) {
        this.users = services.users();
        this.methods = services.methods();
    }

    List<Route> routes() {
        String all = "/users/{id}/authentication";
        String passes = all + "/temporaryAccessPassMethods";
        return List.of(
                Route.list(Action.METHODS_WRITE, all + "/methods", this::list),
                Route.change(Action.METHODS_WRITE, Verb.POST, all + "/methods/reset", this::reset),
                Route.change(Action.METHODS_WRITE, Verb.POST, passes, this::givePass),
                removal(passes, Kind.TEMPORARY_PASS),
                removal(all + "/fido2Methods", Kind.PASSKEY),
                removal(all + "/softwareOathMethods", Kind.TOTP),
                removal(all + "/recoveryCodesMethods", Kind.RECOVERY_CODES));
    }

    private Route removal(String path, Kind kind) {
        return Route.change(Action.METHODS_WRITE, Verb.DELETE, path + "/{methodId}", call -> {
            expectDone(methods.remove(call.actor(), find(call).id(), call.text("methodId"), kind));
            return Reply.NO_CONTENT;
        });
    }

    private Reply list(Call call) {
        return Paging.page(
                call,
                expectDone(methods.list(call.tenant(), find(call).id())),
                AuthenticationMethod::id,
                Map.of(),
                UserMethodsResource::shape);
    }

    private Reply reset(Call call) {
        return Reply.ok(Shapes.object()
                .put("value", expectDone(methods.reset(call.actor(), find(call).id()))));
    }

    private Reply givePass(Call call) {
        JsonForm form = call.form();
        Edit<Integer> minutes = form.number("lifetimeInMinutes");
        Edit<Boolean> once = form.flag("isUsableOnce");
        Edit<Instant> starts = form.parsed("startDateTime", Instant::parse);
        form.finish();
        Methods.Given given = expectDone(methods.givePass(
                call.actor(),
                find(call).id(),
                Duration.ofMinutes(minutes.or(PASS_MINUTES)),
                once.or(true),
                starts.value()));
        return Reply.created(shape(given.method()).put("temporaryAccessPass", given.text()));
    }

    private User find(Call call) {
        return expectDone(users.find(call.tenant(), call.text("id")));
    }

    private static ObjectNode shape(AuthenticationMethod method) {
        ObjectNode json = Shapes.object()
                .put("@odata.type", type(method.kind()))
                .put("id", method.id())
                .put("createdDateTime", method.created().toString());
        put(json, "lastUsedDateTime", method.lastUsed());
        switch (method.kind()) {
            case PASSKEY, TOTP -> json.put("displayName", method.name());
            case RECOVERY_CODES -> json.put("codesLeft", method.counter());
            case TEMPORARY_PASS -> {
                put(json, "startDateTime", method.starts());
                method.starts()
                        .flatMap(from -> method.expires()
                                .map(until -> Duration.between(from, until).toMinutes()))
                        .ifPresent(minutes -> json.put("lifetimeInMinutes", minutes));
                json.put("isUsableOnce", Methods.isOnce(method)).put("isUsable", method.counter() > 0);
            }
            case PASSWORD -> {
                // its time of creation is all there is to tell
            }
        }
        return json;
    }

    private static String type(Kind kind) {
        return switch (kind) {
            case PASSWORD -> "#microsoft.graph.passwordAuthenticationMethod";
            case TOTP -> "#microsoft.graph.softwareOathAuthenticationMethod";
            case PASSKEY -> "#microsoft.graph.fido2AuthenticationMethod";
            case TEMPORARY_PASS -> "#microsoft.graph.temporaryAccessPassAuthenticationMethod";
            case RECOVERY_CODES -> "#postern.recoveryCodesAuthenticationMethod";
        };
    }

    private static void put(ObjectNode json, String name, Optional<Instant> at) {
        at.ifPresent(instant -> json.put(name, instant.toString()));
    }
}
