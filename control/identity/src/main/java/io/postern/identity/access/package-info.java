/// May this user use this application, now, with what he proved? Asked at every sign-in and at every grant; the one
/// room where Conditional Access will live.
package io.postern.identity.access;
