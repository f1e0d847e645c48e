/// Accounts of people: what a user name may be, what a password must be, how it is hashed, and how an
/// account is made, changed and cut off. Does not know sign-in pages, sessions' cookies or the API:
/// identity and admin both stand on it. Floor 3.
package io.postern.account;
