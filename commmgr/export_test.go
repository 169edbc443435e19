package commmgr

// ReasonData is reasonData, for the tests.
var ReasonData = reasonData
