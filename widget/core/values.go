package core

// A Date is a day of the calendar.
type Date struct {
	Year  int
	Month int // 0 is January, as in JavaScript
	Date  int // the day of the month, from 1
}

// A TimeOfDay is a time of a day.
type TimeOfDay struct {
	Hours        int
	Minutes      int
	Seconds      int
	Milliseconds int
}

// A Datetime is a time of a day of the calendar.
type Datetime struct {
	Year         int
	Month        int // 0 is January, as in JavaScript
	Date         int // the day of the month, from 1
	Hours        int
	Minutes      int
	Seconds      int
	Milliseconds int
}

// An UploadedFile is a file of a FileUpload's value, in ipywidgets 8.
type UploadedFile struct {
	Name         string
	Type         string // its media type
	Size         int    // in bytes
	LastModified int64  // in milliseconds since 1970, UTC
	Content      []byte
}

// An UploadedMetadata describes a file of a FileUpload in ipywidgets 7.
type UploadedMetadata struct {
	Name         string
	Type         string // its media type
	Size         int    // in bytes
	LastModified int64  `json:"lastModified"` // in milliseconds since 1970, UTC
}
