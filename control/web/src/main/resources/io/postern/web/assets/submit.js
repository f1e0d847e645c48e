"use strict";
// Sends the page's only form: the answer of the sign-in service on its way to the application.
document.forms[0].submit();
