package io.postern.admin.graph;

import static io.postern.admin.graph.GraphFault.expectDone;

import io.postern.admin.graph.Route.Verb;
import io.postern.admin.service.Directory;
import io.postern.admin.service.Edit;
import io.postern.admin.service.Services;
import io.postern.domain.TenantId;
import io.postern.domain.directory.Action;
import io.postern.domain.publish.Branding;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.TenantSettings;
import io.postern.store.AlertStore.Recipients;
import io.postern.store.Tenant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `organization`.
final class DirectoryResource {
    private static final List<String> OF_TENANT = List.of(
            "requestsPerSecondMax",
            "applicationRequestsPerSecondMax",
            "brandName",
            "brandColour",
            "brandLogo",
            "preferredLanguage",
            "technicalNotificationMails");
    private static final List<String> OF_SIGN_IN = List.of(
            "mfaRequiredFor",
            "mfaRegistration",
            "askToStaySignedIn",
            "passwordValidityDays",
            "securityComplianceNotificationMails");

    private final Directory directory;
    private final Shapes shapes;

    DirectoryResource(Services services, Shapes shapes) {
        this.directory = services.directory();
        this.shapes = shapes;
    }

    List<Route> routes() {
        return List.of(
                Route.list(Action.DIRECTORY_READ, "/organization", this::organization),
                Route.change(Action.TENANT_WRITE, Verb.PATCH, "/organization/{id}", this::change)
                        .or(Action.SECURITY_WRITE));
    }

    private Reply organization(Call call) {
        return Paging.page(
                call,
                List.of(expectDone(directory.tenant(call.tenant()))),
                t -> t.id().value(),
                Map.of("displayName", Tenant::displayName),
                tenant -> shapes.organization(
                        tenant, directory.settings(tenant.id()), directory.recipients(tenant.id())));
    }

    private Reply change(Call call) {
        TenantId id = call.id("id", "tenant", TenantId::new);
        JsonForm form = call.form();
        require(call, form, OF_TENANT, Action.TENANT_WRITE);
        require(call, form, OF_SIGN_IN, Action.SECURITY_WRITE);
        Edit<Integer> requests = form.number("requestsPerSecondMax");
        Edit<Integer> perApplication = form.number("applicationRequestsPerSecondMax");
        Edit<String> name = form.clearable("brandName");
        Edit<String> colour = form.clearable("brandColour").map(c -> c.toLowerCase(Locale.ROOT));
        Edit<String> logo = form.clearable("brandLogo");
        Edit<String> language = form.clearable("preferredLanguage");
        Edit<SignInSettings.MfaNeed> mfa = form.parsed("mfaRequiredFor", DirectoryResource::need);
        Edit<Boolean> registration = form.flag("mfaRegistration");
        Edit<Boolean> stay = form.flag("askToStaySignedIn");
        Edit<Integer> days = form.number("passwordValidityDays");
        Edit<List<String>> technical = form.texts("technicalNotificationMails");
        Edit<List<String>> security = form.texts("securityComplianceNotificationMails");
        form.finish();
        expectDone(directory.change(
                call.actor(),
                id,
                s -> new TenantSettings(
                        requests.orKeep(s.requestsPerSecondMax()),
                        perApplication.orKeep(s.applicationRequestsPerSecondMax()),
                        new Branding(
                                name.orKeep(s.branding().name()),
                                colour.orKeep(s.branding().colour()),
                                logo.orKeep(s.branding().logo())),
                        language.orKeep(s.language()),
                        new SignInSettings(
                                mfa.or(s.signIn().mfa()),
                                registration.or(s.signIn().mfaRegistration()),
                                stay.or(s.signIn().askToStay()),
                                days.orKeep(s.signIn().passwordDays()))),
                told -> new Recipients(technical.or(told.technical()), security.or(told.security()))));
        return Reply.NO_CONTENT;
    }

    /// Whoever may demand a second factor of everybody is not therefore one who may take the limits away (4.8).
    private static void require(Call call, JsonForm form, List<String> properties, Action action) {
        if (properties.stream().anyMatch(form::has)) {
            call.require(action);
        }
    }

    private static SignInSettings.MfaNeed need(String text) {
        try {
            return SignInSettings.MfaNeed.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is none of nobody, administrators, everybody", e);
        }
    }
}
