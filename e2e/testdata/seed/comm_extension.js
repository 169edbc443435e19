define([
    'base/js/namespace'
], function(
    Jupyter
) {
	    function load_extension() {
        console.log(
            'This is the comm manager:',
            Jupyter.notebook
        );
		Jupyter.notebook.kernel.comm_manager.register_target("my_comm_target", 
			function (comm, msg){
				comm.on_msg(function(msg){console.log(msg)})
				comm.on_close(function(msg){console.log(msg)})
				comm.send({'foo': 0})
			})
		console.log("here is the comm manager after register_target",
			Jupyter.notebook.kernel.comm_manager)
    }

    return {
        load_ipython_extension: load_extension,
    };
});
