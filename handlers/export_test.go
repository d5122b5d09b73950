package handlers

// ReadJSON is the strict reading of a body, for the fuzz test.
var ReadJSON = readJSON
