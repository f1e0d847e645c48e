package io.postern.web;

/// What every template gets beside its own view.
public record Frame(String title, Texts texts, Assets assets, boolean submitsItself) {
    public String text(String key, Object... arguments) {
        return texts.of(key, arguments);
    }
}
