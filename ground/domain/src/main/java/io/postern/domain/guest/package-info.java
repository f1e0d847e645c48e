/// People from elsewhere who are guests here (B2B): how they are named, and who may invite whom. Pure.
package io.postern.domain.guest;
