package io.postern.web;

import io.postern.domain.publish.Branding;
import java.util.List;

/// What a page shows; the template of the same name in `src/main/jte` lays it out.
public interface View {
    /// How the form at the foot, which changes the language, comes back to the page.
    enum Switch {
        /// The page's own address is asked for again.
        HERE,
        /// See [KeptPage].
        KEPT,
        /// There is none: the page goes on by itself.
        NONE
    }

    /// File in `src/main/jte`, for example `sign-in.jte`.
    String template();

    /// Title of the browser's tab.
    String title(Texts texts);

    /// Sources beside our own host to which a form on this page may lead, redirects included.
    default List<String> formTargets() {
        return List.of();
    }

    /// Origins of frames on this page.
    default List<String> frameSources() {
        return List.of();
    }

    /// Of the tenant for whose users the page is.
    default Branding branding() {
        return Branding.NONE;
    }

    /// How its language is changed.
    default Switch languageSwitch() {
        return Switch.KEPT;
    }

    /// True for a page that comes back because something was wrong with what was typed.
    default boolean failed() {
        return false;
    }

    /// True for a page with a button for passkeys.
    default boolean asksPasskey() {
        return false;
    }

    /// True for a page whose search shows what fits while it is typed; without script it is sent.
    default boolean findsAsTyped() {
        return false;
    }

    /// True for the page whose form sends itself.
    default boolean submitsItself() {
        return false;
    }
}
